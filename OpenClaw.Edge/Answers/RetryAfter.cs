namespace OpenClaw.Edge.Answers;

/// <summary><c>Retry-After</c>: never earlier than the truth, and spread out, so that those who were refused together do not all come back
/// together.</summary>
internal static class RetryAfter
{
    /// <summary>Whole seconds, at least 1; null when waiting does not help.</summary>
    /// <param name="wait">The true time to wait.</param>
    /// <param name="jitter">Up to this fraction of the wait, rounded up to whole seconds, is added at random.</param>
    public static long? Seconds(TimeSpan wait, double jitter)
    {
        if (wait == Timeout.InfiniteTimeSpan)
        {
            return null;
        }

        long seconds = Math.Max(1, (wait.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond);
        long spread = (long)Math.Ceiling(seconds * jitter);
        return seconds + (spread > 0 ? Random.Shared.NextInt64(spread + 1) : 0);
    }
}
