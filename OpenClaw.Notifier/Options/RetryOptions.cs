using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Notifier.Options;

/// <summary>Repetition of failed deliveries. The nth repetition waits a random time from 0 to <c>FirstDelay</c> × 2ⁿ⁻¹, at most
/// <c>MaxDelay</c>.</summary>
internal sealed class RetryOptions
{
    /// <summary>Attempts before a delivery becomes a dead letter, 1 to 100. Default 15: two to five hours.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 15;

    /// <summary>Longest delay before the first repetition, 1 ms to 1 h. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest delay before any repetition, 1 ms to 1 day. Default 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Longest <c>Retry-After</c> of a receiver that is respected, 0 to 1 day. Default 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromHours(1);
}
