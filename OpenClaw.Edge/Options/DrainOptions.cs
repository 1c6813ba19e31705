using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Edge.Options;

/// <summary>Settings of a graceful stop.</summary>
internal sealed class DrainOptions
{
    /// <summary>Time for which requests are still served while readiness already fails, so that load balancers can switch. Up to 5 minutes.
    /// Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time that requests in flight may take after that. Up to 10 minutes. Default 25 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(25);
}
