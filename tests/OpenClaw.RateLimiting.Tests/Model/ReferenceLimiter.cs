using System.Numerics;
using OpenClaw.RateLimiting.Batching;

namespace OpenClaw.RateLimiting.Tests.Model;

/// <summary>A second, independent implementation of the limiter in exact fractions of tokens, as plain as possible and not
/// optimized.</summary>
internal sealed class ReferenceLimiter
{
    private readonly Dictionary<(string Policy, string Partition), State> _states = [];

    public Answer Decide(Step step, long now)
    {
        (Operation operation, IReadOnlyList<Charge> charges) = (step.Operation, step.Charges);
        List<State> states = [.. charges.Select(charge => Load(charge, now))];
        if (operation != Operation.Charge)
        {
            for (var i = 0; i < charges.Count; i++)
            {
                Apply(operation, charges[i], states[i], step.Buckets);
            }

            return new Answer(true, -1, TimeSpan.Zero, TimeSpan.Zero, []);
        }

        var payable = charges.Zip(states).All(pair => pair.Second.BlockedUntil <= pair.Second.Time
            && pair.First.Policy.Buckets.All(bucket => bucket.Shadow || pair.Second.Balances[bucket.Name] >= pair.First.Cost));
        List<BucketAnswer> buckets = [];
        int? refusedBy = null;
        List<TimeSpan> waits = [TimeSpan.Zero];
        TimeSpan blockedFor = TimeSpan.Zero;
        for (var i = 0; i < charges.Count; i++)
        {
            (Charge charge, State state) = (charges[i], states[i]);
            if (charge.Cost > 0 && state.FromAnotherClock)
            {
                Store(charge, state);
            }

            foreach (TokenBucket bucket in charge.Policy.Buckets)
            {
                bool isInsufficient = charge.Cost > 0 && state.Balances[bucket.Name] < charge.Cost;
                if (payable && !isInsufficient && charge.Cost > 0)
                {
                    state.Balances[bucket.Name] -= charge.Cost;
                    Store(charge, state);
                }

                Fraction balance = state.Balances[bucket.Name];
                TimeSpan wait = charge.Cost > bucket.Capacity ? Timeout.InfiniteTimeSpan : TimeUntil(bucket, charge.Cost - balance);
                if (isInsufficient && !bucket.Shadow)
                {
                    refusedBy ??= buckets.Count;
                    waits.Add(wait);
                }

                buckets.Add(
                    new BucketAnswer(bucket.Name, (long)balance.Floor, wait, TimeUntil(bucket, bucket.Capacity - balance), isInsufficient));
            }

            if (state.BlockedUntil > state.Time)
            {
                blockedFor = TimeSpan.FromMicroseconds(Math.Max(blockedFor.TotalMicroseconds, state.BlockedUntil - state.Time));
                waits.Add(blockedFor);
            }
        }

        return new Answer(
            payable, refusedBy, blockedFor, waits.Contains(Timeout.InfiniteTimeSpan) ? Timeout.InfiniteTimeSpan : waits.Max(), buckets);
    }

    private void Apply(Operation operation, Charge charge, State state, byte buckets)
    {
        var changed = false;
        if (operation == Operation.Block)
        {
            changed = charge.Cost > 0 || state.BlockedUntil > state.Time;
            state.BlockedUntil = charge.Cost > 0 ? state.Time + charge.Cost : 0;
        }

        if (operation == Operation.Reset)
        {
            changed = state.BlockedUntil > state.Time;
            state.BlockedUntil = 0;
        }

        foreach (TokenBucket bucket in charge.Policy.Buckets.Where((_, i) => buckets / (1 << i) % 2 == 1))
        {
            Fraction before = state.Balances[bucket.Name];
            Fraction after = operation switch
            {
                Operation.Debit => Fraction.Max(Fraction.Zero, before - charge.Cost),
                Operation.Refund => Fraction.Min(bucket.Capacity, before + charge.Cost),
                Operation.Reset => bucket.Capacity,
                _ => before,
            };
            state.Balances[bucket.Name] = after;
            changed |= before < after || after < before;
        }

        if (changed)
        {
            Store(charge, state);
        }
    }

    // The state at a time. Reading it does not change it.
    private State Load(Charge charge, long now)
    {
        State? stored = _states.GetValueOrDefault((charge.Policy.Name, charge.Partition));
        if (stored is null)
        {
            return new State(
                charge.Policy, charge.Policy.Buckets.ToDictionary(bucket => bucket.Name, bucket => (
                    Fraction)bucket.Capacity), now, 0, false);
        }

        bool fromAnotherClock = stored.Time > now + 1_000_000;
        long time = fromAnotherClock ? now : Math.Max(now, stored.Time);
        Dictionary<string, Fraction> balances = [];
        foreach (TokenBucket bucket in charge.Policy.Buckets)
        {
            TokenBucket? before = stored.Policy.Buckets.FirstOrDefault(candidate => candidate.Name == bucket.Name);
            Fraction balance = before is null ? bucket.Capacity : Scale(stored.Balances[bucket.Name], before, bucket);
            balances[bucket.Name] = fromAnotherClock ? balance : Fraction.Min(
                bucket.Capacity, balance + (PerMicrosecond(bucket) * (time - stored.Time)));
        }

        return new State(charge.Policy, balances, time, stored.BlockedUntil > time ? stored.BlockedUntil : 0, fromAnotherClock);
    }

    private void Store(Charge charge, State state) => _states[(charge.Policy.Name, charge.Partition)] = state;

    // In proportion, and as a multiple of the part of a token that the bucket counts in, rounded towards empty.
    private static Fraction Scale(Fraction balance, TokenBucket before, TokenBucket after)
    {
        long parts = (long)(
            after.RefillPeriod.TotalMicroseconds / (double)BigInteger.GreatestCommonDivisor(
                after.RefillTokens, (long)after.RefillPeriod.TotalMicroseconds));
        return (Fraction)(balance * after.Capacity / before.Capacity * parts).Floor / parts;
    }

    private static Fraction PerMicrosecond(TokenBucket bucket)
        => (Fraction)bucket.RefillTokens / (long)bucket.RefillPeriod.TotalMicroseconds;

    private static TimeSpan TimeUntil(TokenBucket bucket, Fraction tokens)
        => TimeSpan.FromMicroseconds((long)Fraction.Max(Fraction.Zero, tokens / PerMicrosecond(bucket)).Ceiling);

    private sealed class State(
        RateLimitPolicy policy, Dictionary<string, Fraction> balances, long time, long blockedUntil, bool fromAnotherClock)
    {
        public RateLimitPolicy Policy => policy;

        public Dictionary<string, Fraction> Balances => balances;

        public long Time => time;

        public long BlockedUntil { get; set; } = blockedUntil;

        public bool FromAnotherClock => fromAnotherClock;
    }
}
