namespace OpenClaw.RateLimiting;

/// <summary>Compares durations; <see cref="Timeout.InfiniteTimeSpan"/>, which is -1 ms, is the longest.</summary>
internal static class Durations
{
    /// <summary>The longer of two durations.</summary>
    public static TimeSpan Longer(TimeSpan a, TimeSpan b)
        => a == Timeout.InfiniteTimeSpan || b == Timeout.InfiniteTimeSpan ? Timeout.InfiniteTimeSpan : a > b ? a : b;

    /// <summary>The shorter of two durations.</summary>
    public static TimeSpan Shorter(TimeSpan a, TimeSpan b)
        => a == Timeout.InfiniteTimeSpan ? b : b == Timeout.InfiniteTimeSpan ? a : a < b ? a : b;
}
