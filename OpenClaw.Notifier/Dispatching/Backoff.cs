using OpenClaw.Notifier.Options;

namespace OpenClaw.Notifier.Dispatching;

/// <summary>Delays between attempts: exponential with full jitter, so that a receiver that is back does not get all messages at
/// once.</summary>
internal sealed class Backoff(RetryOptions options, Random random)
{
    /// <summary>Whether the attempt was the last one.</summary>
    public bool IsLast(int attempt) => attempt >= options.MaxAttempts;

    /// <summary>Chooses the delay after a failed attempt.</summary>
    /// <param name="attempt">Number of the attempt, from 1.</param>
    /// <param name="retryAfter">The receiver's <c>Retry-After</c>; limited by <see cref="RetryOptions.MaxRetryAfter"/>.</param>
    public TimeSpan Next(int attempt, TimeSpan? retryAfter)
    {
        // 2^30 times the smallest delay is above the largest MaxDelay.
        double longest = Math.Min(options.MaxDelay.Ticks, options.FirstDelay.Ticks * Math.Pow(2, Math.Min(attempt - 1, 30)));
        TimeSpan delay = TimeSpan.FromTicks((long)(random.NextDouble() * longest));
        TimeSpan asked = retryAfter is { } wait ? Min(wait, options.MaxRetryAfter) : TimeSpan.Zero;
        return delay > asked ? delay : asked;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
