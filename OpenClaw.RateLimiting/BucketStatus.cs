namespace OpenClaw.RateLimiting;

/// <summary>State of one bucket after a decision.</summary>
/// <param name="Policy">Policy of the bucket.</param>
/// <param name="Bucket">The bucket's limits.</param>
/// <param name="Remaining">Whole tokens left after the decision.</param>
/// <param name="RetryAfter">Time until the bucket holds the requested cost: zero if it does now, <see cref="Timeout.InfiniteTimeSpan"/> if
/// the cost is above its capacity.</param>
/// <param name="FullAfter">Time until the bucket is full.</param>
/// <param name="IsInsufficient">Whether the bucket had too few tokens. It then denied the request; a shadow bucket only reports it.</param>
public readonly record struct BucketStatus(
    RateLimitPolicy Policy, TokenBucket Bucket, long Remaining, TimeSpan RetryAfter, TimeSpan FullAfter, bool IsInsufficient)
{
    // Exact units missing from a full bucket; the public numbers are rounded.
    private readonly long _deficit;

    // Numbers used for the decision: the bucket's, or during an outage those of a share. Null if the status is not from a limiter.
    private readonly BucketArithmetic? _numbers;

    /// <summary>Status of a bucket with a deficit of <paramref name="deficit"/> units, for a request of the given cost.</summary>
    internal BucketStatus(RateLimitPolicy policy, BucketArithmetic numbers, long deficit, long cost, bool isInsufficient)
        : this(
            policy,
            numbers.Bucket,
            numbers.WholeTokens(deficit),
            numbers.TimeToPay(deficit, cost),
            numbers.TimeToFull(deficit),
            isInsufficient)
    {
        _deficit = deficit;
        _numbers = numbers;
    }

    /// <summary>In-process buckets that were charged; null if the store was charged.</summary>
    internal ILocalBuckets? Local { get; init; }

    /// <summary>Numbers used for the decision; null if the status is not from a limiter.</summary>
    internal BucketArithmetic? Numbers => _numbers;

    /// <summary>The same bucket at the same moment, for a request of another cost. Nothing is charged.</summary>
    /// <param name="cost">Cost in tokens, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cost is negative.</exception>
    /// <exception cref="InvalidOperationException">The status is not from a limiter's decision.</exception>
    public BucketStatus WithCost(long cost)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        return At(0, cost);
    }

    /// <summary>The same bucket after a charge of <paramref name="cost"/> tokens was returned to it.</summary>
    internal BucketStatus WithoutCharge(long cost)
        => _numbers is null || IsInsufficient
            ? this
            : new BucketStatus(Policy, _numbers, _numbers.Give(_deficit, cost), cost, isInsufficient: false);

    /// <summary>Whether the bucket certainly denies the cost <paramref name="age"/> microseconds later, see <see
    /// cref="BucketArithmetic.IsSureToRefuse"/>.</summary>
    internal bool IsSureToRefuse(long age, long cost)
        => _numbers is { } numbers && numbers.IsSureToRefuse(numbers.Refill(_deficit, age), cost);

    /// <summary>The same bucket <paramref name="age"/> microseconds later, without a charge in between, for a request of the given
    /// cost.</summary>
    internal BucketStatus At(long age, long cost)
    {
        BucketArithmetic numbers = _numbers
            ?? throw new InvalidOperationException("The bucket's level is unknown: the status is not from a limiter's decision.");
        long deficit = numbers.Refill(_deficit, age);
        return new BucketStatus(Policy, numbers, deficit, cost, !numbers.CanPay(deficit, cost));
    }
}
