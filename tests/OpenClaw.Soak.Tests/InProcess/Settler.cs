using OpenClaw.RateLimiting;
using OpenClaw.TestServers;

namespace OpenClaw.Soak.Tests.InProcess;

/// <summary>A caller who gives back some of what was charged, from a bucket that refills one token an hour, so that every
/// token of it can be told.</summary>
internal sealed class Settler
{
    private const long Capacity = 2_000_000;
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(10);

    private readonly RateLimitPolicy _policy = new("settler", [new TokenBucket("tokens", Capacity, 1, TimeSpan.FromHours(1))]);
    private readonly Violations _violations;
    private readonly Random _random;
    private bool _isForgotten;
    private long? _remaining;
    private long _store;
    private long _refunded;
    private long _elsewhere;

    public Settler(Violations violations, int seed)
    {
        _violations = violations;
        _random = new Random(seed + 77);
    }

    /// <summary>Charges once and settles. False when there was no answer.</summary>
    public async Task<bool> AskAsync(IRateLimiterClient limiter, Action<DecisionSource, bool, double> answered)
    {
        long cost = _random.Next(1, 10), refund = _random.Next((int)cost + 1);
        double asked = _violations.Now;
        try
        {
            RateLimitDecision decision = await limiter.DecideAsync([new Charge(_policy, "one", cost)]).AsTask().WaitAsync(Caller.Limit);
            answered(decision.Source, decision.IsAllowed, _violations.Now - asked);
            if (!decision.IsAllowed)
            {
                return true;
            }

            if (decision.Source == DecisionSource.Store)
            {
                _store += cost;
                _refunded += refund;
            }
            else
            {
                _elsewhere += cost;
            }

            await limiter.RefundAsync(new Charge(_policy, "one", refund), decision).AsTask().WaitAsync(Caller.Limit);
        }
        catch (TimeoutException)
        {
            _violations.Add("hang", $"settler has no answer within {Caller.Limit.TotalSeconds} s.");
            return false;
        }
        catch (Exception exception)
        {
            _violations.Add("exception from the limiter", $"settler: {exception.GetType().Name}: {exception.Message}");
        }

        return true;
    }

    /// <summary>Begins a new account with the next check: it is not known what became of the last charge.</summary>
    public void Forget() => _isForgotten = true;

    /// <summary>Compares what the shared bucket lost in a phase with what was charged to it and given back.</summary>
    /// <param name="limiter">The limiter.</param>
    /// <param name="isCalm">Redis decided everything: the account is exact.</param>
    /// <param name="losesWrites">Acknowledged charges may be lost, and their refunds not.</param>
    public async Task CheckAsync(IRateLimiterClient limiter, bool isCalm, bool losesWrites)
    {
        // A single decision may be late on a busy machine. Asking costs nothing.
        RateLimitDecision probe = default;
        try
        {
            await Poll.UntilAsync("the settler's bucket is answered by Redis", async () =>
            {
                probe = await limiter.DecideAsync([new Charge(_policy, "one", 0)]).AsTask().WaitAsync(Caller.Limit);
                return probe.Source == DecisionSource.Store;
            }, Recovery);
        }
        catch (TimeoutException exception)
        {
            _violations.Add("no recovery", $"{exception.Message} Answered by {probe.Source} after the fault.");
            Forget();
            return;
        }

        long remaining = probe.Buckets[0].Remaining, charged = (_remaining ?? Capacity) - remaining;

        // A refund that did not reach Redis is not made up for, and a charge that Redis answered too late counts there.
        // One token more may be there: the refill.
        long least = losesWrites ? -_refunded : _store - _refunded - 1;
        long most = isCalm ? _store - _refunded : _store + _elsewhere;
        if (!_isForgotten && (charged < least || charged > most))
        {
            _violations.Add("settling", $"The shared bucket lost {charged} tokens; it must be {least} to {most} "
                + $"({_store} charged in Redis, {_refunded} of them given back, {_elsewhere} charged elsewhere).");
        }

        (_remaining, _store, _refunded, _elsewhere, _isForgotten) = (remaining, 0, 0, 0, false);
    }
}
