using OpenClaw.RateLimiting.Batching;

namespace OpenClaw.RateLimiting.DenyCaching;

/// <summary>State of a partition that had too few tokens in Redis. Immutable.</summary>
internal sealed class DenyEntry
{
    private readonly BucketStatus[] _buckets;
    private readonly long _seenAt;
    private readonly long _blockedFor;

    private DenyEntry(BatchPartition partition, long seenAt, long endsAt)
    {
        Key = partition.Key;
        Policy = partition.Policy;
        EndsAt = endsAt;
        _seenAt = seenAt;
        _blockedFor = partition.BlockedFor;
        _buckets = new BucketStatus[partition.Numbers.Length];
        for (var i = 0; i < _buckets.Length; i++)
        {
            BucketArithmetic numbers = partition.Numbers[i];
            _buckets[i] = new BucketStatus(partition.Policy, numbers, partition.Deficits[i], 1, !numbers.CanPay(partition.Deficits[i], 1));
        }
    }

    public PartitionKey Key { get; }

    public RateLimitPolicy Policy { get; }

    /// <summary>Timestamp from which the entry no longer denies.</summary>
    public long EndsAt { get; }

    /// <summary>Entry for a settled partition that certainly denies one token, or the cost it last denied; null otherwise. Time counts from
    /// <paramref name="sentAt"/>, a timestamp from before the batch was sent. Redis read its clock later, so the entry never denies for
    /// longer than Redis.</summary>
    public static DenyEntry? From(BatchPartition partition, long sentAt, TimeSpan maxLifetime, TimeProvider timeProvider)
    {
        TimeSpan lasts = TimeSpan.FromMicroseconds(partition.BlockedFor);
        long cost = Math.Max(1, partition.RefusedCost);
        for (var i = 0; i < partition.Numbers.Length; i++)
        {
            BucketArithmetic numbers = partition.Numbers[i];
            if (numbers.IsSureToRefuse(partition.Deficits[i], cost))
            {
                TimeSpan wait = numbers.TimeToPay(partition.Deficits[i], cost);
                lasts = Durations.Longer(lasts, wait);
            }
        }

        if (lasts == TimeSpan.Zero)
        {
            return null;
        }

        lasts = Durations.Shorter(lasts, maxLifetime);
        return new DenyEntry(partition, sentAt, sentAt + (long)(lasts.TotalSeconds * timeProvider.TimestampFrequency));
    }

    /// <summary>Denies the cost if no bucket can have refilled enough yet.</summary>
    public bool TryDeny(long cost, TimeProvider timeProvider, out RateLimitDecision decision)
    {
        decision = default;
        long now = timeProvider.GetTimestamp();
        if (now >= EndsAt)
        {
            return false;
        }

        // The decision rounds the age up, so that buckets never seem emptier than they are. The report rounds it down, so that a client
        // that waits for the reported time does not retry too early.
        long ticks = timeProvider.GetElapsedTime(_seenAt, now).Ticks;
        long age = ticks / TimeSpan.TicksPerMicrosecond;
        if (!Refuses(cost, ticks % TimeSpan.TicksPerMicrosecond == 0 ? age : age + 1))
        {
            return false;
        }

        long blockedFor = Math.Max(0, _blockedFor - age);
        TimeSpan retryAfter = TimeSpan.FromMicroseconds(blockedFor);
        int? refusedBy = null;
        BucketStatusList buckets = BucketStatusList.Later(_buckets, age, cost);
        for (var i = 0; i < _buckets.Length; i++)
        {
            BucketStatus bucket = buckets[i];
            if (bucket.IsInsufficient && !bucket.Bucket.Shadow)
            {
                refusedBy ??= i;
                retryAfter = Durations.Longer(retryAfter, bucket.RetryAfter);
            }
        }

        decision = new RateLimitDecision
        {
            IsAllowed = false,
            Source = DecisionSource.DenyCache,
            Buckets = buckets,
            RefusedBy = refusedBy,
            BlockedFor = TimeSpan.FromMicroseconds(blockedFor),
            RetryAfter = retryAfter,
        };
        return true;
    }

    private bool Refuses(long cost, long age)
    {
        if (_blockedFor > age)
        {
            return true;
        }

        foreach (ref readonly BucketStatus bucket in _buckets.AsSpan())
        {
            if (bucket.IsSureToRefuse(age, cost))
            {
                return true;
            }
        }

        return false;
    }
}
