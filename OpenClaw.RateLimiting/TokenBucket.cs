namespace OpenClaw.RateLimiting;

/// <summary>One limit of a policy: a bucket that holds at most <see cref="Capacity"/> tokens and refills continuously.</summary>
/// <param name="Name">Unique within the policy: 1 to 32 letters, digits, <c>-</c>, <c>_</c> or <c>.</c>. Sent to clients.</param>
/// <param name="Capacity">Tokens in a full bucket, the largest burst. At least 1.</param>
/// <param name="RefillTokens">Tokens added per <paramref name="RefillPeriod"/>, evenly over it. At least 1.</param>
/// <param name="RefillPeriod">1 ms to 366 days, in whole microseconds.</param>
public sealed record TokenBucket(string Name, long Capacity, long RefillTokens, TimeSpan RefillPeriod)
{
    /// <summary>Whether the bucket is charged and reported but never denies: a way to try a limit on real traffic. Default false.</summary>
    public bool Shadow { get; init; }
}
