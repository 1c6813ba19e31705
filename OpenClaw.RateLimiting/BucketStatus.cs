namespace OpenClaw.RateLimiting;

/// <summary>One bucket as a decision left it.</summary>
/// <param name="Policy">The policy the bucket belongs to.</param>
/// <param name="Bucket">The bucket's numbers.</param>
/// <param name="Remaining">Whole tokens left after the decision.</param>
/// <param name="RetryAfter">Time until the bucket can pay the cost that was asked for; zero when it can now,
/// <see cref="Timeout.InfiniteTimeSpan"/> when the cost is above its capacity.</param>
/// <param name="FullAfter">Time until the bucket is full again.</param>
/// <param name="IsInsufficient">The bucket could not pay: it refused the request, or would have, were it no shadow.</param>
public readonly record struct BucketStatus(
    RateLimitPolicy Policy, TokenBucket Bucket, long Remaining, TimeSpan RetryAfter, TimeSpan FullAfter, bool IsInsufficient)
{
    // What the bucket lacks to be full, in units: the exact number that the rounded ones above were made from.
    private readonly long _deficit;

    // The numbers that decided, which in an outage are a share of the bucket's. Null in a status that no limiter made.
    private readonly BucketNumbers? _numbers;

    /// <summary>The status of a bucket that lacks <paramref name="deficit"/> units of being full, for a request that costs <paramref name="cost"/>.</summary>
    internal BucketStatus(RateLimitPolicy policy, BucketNumbers numbers, long deficit, long cost, bool isInsufficient)
        : this(policy, numbers.Bucket, numbers.WholeTokens(deficit), numbers.TimeToPay(deficit, cost), numbers.TimeToFull(deficit), isInsufficient)
    {
        _deficit = deficit;
        _numbers = numbers;
    }

    /// <summary>The buckets in this process that were charged; null when others were.</summary>
    internal ILocalBuckets? Local { get; init; }

    /// <summary>The numbers that decided; null in a status that no limiter made.</summary>
    internal BucketNumbers? Numbers => _numbers;

    /// <summary>The same bucket at the same moment, as it stands to a request of another cost. Nothing is charged.</summary>
    /// <param name="cost">The cost, at least 0.</param>
    /// <exception cref="InvalidOperationException">The status is not from a limiter's decision.</exception>
    public BucketStatus WithCost(long cost)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        return At(0, cost);
    }

    /// <summary>The same bucket after <paramref name="cost"/> tokens that it has paid were given back.</summary>
    internal BucketStatus WithoutCharge(long cost)
        => _numbers is null || IsInsufficient ? this : new BucketStatus(Policy, _numbers, _numbers.Give(_deficit, cost), cost, isInsufficient: false);

    /// <summary>Whether the bucket is sure to refuse the cost <paramref name="age"/> microseconds later, see
    /// <see cref="BucketNumbers.IsSureToRefuse"/>.</summary>
    internal bool IsSureToRefuse(long age, long cost)
        => _numbers is { } numbers && numbers.IsSureToRefuse(numbers.Refill(_deficit, age), cost);

    /// <summary>The same bucket <paramref name="age"/> microseconds later, untouched in between, for a request that costs <paramref name="cost"/>.</summary>
    internal BucketStatus At(long age, long cost)
    {
        BucketNumbers numbers = _numbers ?? throw new InvalidOperationException("Only the status of a bucket in a decision knows how full the bucket is.");
        long deficit = numbers.Refill(_deficit, age);
        return new BucketStatus(Policy, numbers, deficit, cost, !numbers.CanPay(deficit, cost));
    }
}
