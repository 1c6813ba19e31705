namespace OpenClaw.RateLimiting;

/// <summary>Comparing durations of which <see cref="Timeout.InfiniteTimeSpan"/>, -1 ms, is the longest.</summary>
internal static class Durations
{
    /// <summary>The longer one.</summary>
    public static TimeSpan Longer(TimeSpan a, TimeSpan b)
        => a == Timeout.InfiniteTimeSpan || b == Timeout.InfiniteTimeSpan ? Timeout.InfiniteTimeSpan : a > b ? a : b;

    /// <summary>The shorter one.</summary>
    public static TimeSpan Shorter(TimeSpan a, TimeSpan b)
        => a == Timeout.InfiniteTimeSpan ? b : b == Timeout.InfiniteTimeSpan ? a : a < b ? a : b;
}
