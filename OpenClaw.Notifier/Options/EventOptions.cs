using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Notifier.Options;

/// <summary>Reading of the event stream.</summary>
internal sealed class EventOptions
{
    /// <summary>How often the streams are asked for new entries, 10 ms to 1 min. Default 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Older events become dead letters instead of being sent, 1 min to 30 days. Default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Time for which the receivers notified of an event are remembered, so that none is notified twice; 1 min to 30 days. Default
    /// 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Remember { get; set; } = TimeSpan.FromDays(1);
}
