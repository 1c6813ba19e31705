using System.Runtime.CompilerServices;
using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Replicas;

namespace OpenClaw.RateLimiting.Fallback;

/// <summary>Decides without Redis, by each policy's <see cref="FailureMode"/>. <see cref="FailureMode.Local"/> decides in memory on this
/// replica's share of the limit: for N live replicas, capacity ⌊C/N⌋ (at least 1) and the refill rate divided by N. Together the
/// replicas admit at most the limit, unless a capacity is below N.</summary>
/// <remarks>A share starts as full as the shared bucket last was in Redis. It outlives the outage, so that an unstable Redis does not grant
/// a new burst each time. Memory is bounded: the share that will be full soonest is evicted first, so that a flood of new partitions mostly
/// evicts its own shares and not drained ones.</remarks>
internal sealed class FailureModeStore(ReplicaCount replicas, FillLevelCache levels, int maxPartitions, TimeProvider time)
    : IDecisionStore
{
    private const int EvictionSample = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Policy, string Name), LocalShare> _byName = [];
    private readonly List<LocalShare> _shares = [];
    private readonly ConditionalWeakTable<RateLimitPolicy, ShareNumbers> _numbers = [];
    private readonly BatchPartition _scratch = new();
    private uint _random = 2463534242;

    /// <summary>Number of partitions in memory.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _shares.Count;
            }
        }
    }

    ValueTask IDecisionStore.DecideAsync(DecisionBatch batch, CancellationToken abandon)
    {
        Decide(batch);
        return ValueTask.CompletedTask;
    }

    /// <summary>Decides every entry of the batch and settles it. Never waits.</summary>
    public void Decide(DecisionBatch batch)
    {
        lock (_gate)
        {
            long now = Microseconds(time);
            foreach (BatchPartition partition in batch.Partitions)
            {
                Load(partition, now);
            }

            batch.Settle();
            foreach (BatchPartition partition in batch.Partitions)
            {
                if (partition.IsChanged && partition.Source == DecisionSource.Local)
                {
                    Save(partition, now);
                }
            }
        }
    }

    /// <summary>Returns tokens to the buckets of the share that paid in the decision. Nothing is returned if the share was evicted since,
    /// or if a bucket's numbers changed with the policy or with the number of replicas.</summary>
    public void Refund(LocalShare share, in RateLimitDecision decision, long cost)
    {
        lock (_gate)
        {
            if (!_byName.TryGetValue((share.Policy.Name, share.Name), out LocalShare? current) || current != share)
            {
                return;
            }

            long now = Microseconds(time);
            _scratch.Start(share.Policy, share.Name);
            _scratch.Numbers = share.State.Numbers;
            share.State.Load(_scratch, now);
            for (var i = 0; i < _scratch.Numbers.Length; i++)
            {
                if (HasPaid(share, _scratch.Numbers[i], decision))
                {
                    _scratch.Deficits[i] = _scratch.Numbers[i].Give(_scratch.Deficits[i], cost);
                }
            }

            // A refund is no charge: levels that Redis reported since the last charge still apply, so SavedAt stays.
            share.State.Save(_scratch, now);
        }
    }

    /// <summary>Monotonic clock of shares and fill levels.</summary>
    public static long Microseconds(TimeProvider time) => time.GetElapsedTime(0).Ticks / TimeSpan.TicksPerMicrosecond;

    private void Load(BatchPartition partition, long now)
    {
        switch (partition.Policy.FailureMode)
        {
            case FailureMode.Open:
                partition.Source = DecisionSource.Open;
                return;
            case FailureMode.Closed:
                partition.Source = DecisionSource.Closed;
                partition.RetryAfter = BucketArithmetic.OutageRetryAfter;
                return;
        }

        partition.Source = DecisionSource.Local;
        partition.Numbers = NumbersOf(partition.Policy);
        var since = long.MinValue;
        if (_byName.TryGetValue((partition.Policy.Name, partition.Name), out LocalShare? share))
        {
            share.State.Load(partition, now);
            since = share.SavedAt;
        }

        partition.Local = share ?? new LocalShare(this, partition.Policy, partition.Name);
        levels.Recall(partition, now, since);
    }

    private static bool HasPaid(LocalShare share, BucketArithmetic numbers, in RateLimitDecision decision)
    {
        foreach (BucketStatus status in decision.Buckets)
        {
            if (decision.IsAllowed && status.Local == share && !status.IsInsufficient && status.Numbers!.HasSameUnits(numbers))
            {
                return true;
            }
        }

        return false;
    }

    private void Save(BatchPartition partition, long now)
    {
        var share = (LocalShare)partition.Local!;
        if (_byName.TryAdd((partition.Policy.Name, partition.Name), share))
        {
            if (_shares.Count >= maxPartitions)
            {
                Evict(now);
            }

            share.Index = _shares.Count;
            _shares.Add(share);
        }

        share.SavedAt = now;
        share.State.Save(partition, now);
    }

    private void Evict(long now)
    {
        LocalShare fullest = _shares[Next(_shares.Count)];
        for (var i = 1; i < EvictionSample; i++)
        {
            LocalShare other = _shares[Next(_shares.Count)];
            fullest = other.State.ForgetAt < fullest.State.ForgetAt ? other : fullest;
        }

        // The partition may return while its level is still in the cache.
        _scratch.Start(fullest.Policy, fullest.Name);
        _scratch.Numbers = NumbersOf(fullest.Policy);
        fullest.State.Load(_scratch, now);
        levels.Remember(_scratch, now);
        Remove(fullest);
    }

    private void Remove(LocalShare share)
    {
        LocalShare last = _shares[^1];
        _shares[share.Index] = last;
        last.Index = share.Index;
        _shares.RemoveAt(_shares.Count - 1);
        _byName.Remove((share.Policy.Name, share.Name));
    }

    private BucketArithmetic[] NumbersOf(RateLimitPolicy policy)
    {
        int count = replicas.Current;
        if (!_numbers.TryGetValue(policy, out ShareNumbers? numbers) || numbers.Replicas != count)
        {
            numbers = new ShareNumbers(count, [.. policy.Buckets.Select(bucket => new BucketArithmetic(bucket, count))]);
            _numbers.AddOrUpdate(policy, numbers);
        }

        return numbers.Buckets;
    }

    // Xorshift: any sample that does not depend on the order of arrival is good enough.
    private int Next(int below)
    {
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        return (int)(_random % (uint)below);
    }

    private sealed record ShareNumbers(int Replicas, BucketArithmetic[] Buckets);
}
