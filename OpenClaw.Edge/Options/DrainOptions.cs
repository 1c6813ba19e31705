namespace OpenClaw.Edge.Options;

/// <summary>How the edge stops when it is told to.</summary>
internal sealed class DrainOptions
{
    /// <summary>How long it goes on serving as usual while readiness already says 503, so that balancers can look elsewhere. Up to 5 minutes. Default 5 s.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long requests in flight may then take. Up to 10 minutes. Default 25 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(25);
}
