using OpenClaw.Notifier.Options;

namespace OpenClaw.Notifier.Dispatching;

/// <summary>Delays between attempts: exponential, with full jitter, so that receivers that come back are not met by everything at
/// once.</summary>
internal sealed class Backoff(RetryOptions options, Random random)
{
    /// <summary>Whether the attempt was the last one.</summary>
    public bool IsLast(int attempt) => attempt >= options.MaxAttempts;

    /// <summary>Chooses the delay after a failed attempt.</summary>
    /// <param name="attempt">Number of the attempt, from 1.</param>
    /// <param name="retryAfter">How long the receiver asked to wait; counts up to the setting.</param>
    public TimeSpan Next(int attempt, TimeSpan? retryAfter)
    {
        // 2^30 times any delay is above the highest one that can be set.
        double longest = Math.Min(options.MaxDelay.Ticks, options.FirstDelay.Ticks * Math.Pow(2, Math.Min(attempt - 1, 30)));
        TimeSpan delay = TimeSpan.FromTicks((long)(random.NextDouble() * longest));
        TimeSpan asked = retryAfter is { } wait ? Min(wait, options.MaxRetryAfter) : TimeSpan.Zero;
        return delay > asked ? delay : asked;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
