namespace OpenClaw.RateLimiting;

/// <summary>One limit of a policy: a bucket that holds at most <see cref="Capacity"/> tokens and refills continuously.</summary>
/// <param name="Name">Unique within its policy; letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, 1 to 32 characters. Sent to clients.</param>
/// <param name="Capacity">Tokens in a full bucket: the burst. At least 1.</param>
/// <param name="RefillTokens">Tokens that come back per <paramref name="RefillPeriod"/>, spread evenly over it. At least 1.</param>
/// <param name="RefillPeriod">1 ms to 366 days, in whole microseconds.</param>
public sealed record TokenBucket(string Name, long Capacity, long RefillTokens, TimeSpan RefillPeriod)
{
    /// <summary>When true the bucket decides and is counted, but never refuses: a way to try a limit on real traffic. Default false.</summary>
    public bool Shadow { get; init; }
}
