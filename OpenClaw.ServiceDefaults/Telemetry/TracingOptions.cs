namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>Selects the traces that are recorded when they are exported over OTLP. Configuration section <see cref="Section"/>. Not used
/// when <c>OTEL_TRACES_SAMPLER</c> is set: that sampler then decides alone.</summary>
public sealed class TracingOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "OpenClaw:Traces";

    /// <summary>The highest rate that can be set.</summary>
    public const int MaxRate = 1_000_000;

    /// <summary>Traces that begin in this process, per second; bursts of a second's worth. 0 to <see cref="MaxRate"/>; 0 records none.
    /// Default 20.</summary>
    public int Rate { get; set; } = 20;

    /// <summary>Refused requests beyond <see cref="Rate"/>, per second, of which the server span alone is recorded. 0 to <see
    /// cref="MaxRate"/>. Default 5.</summary>
    public int RefusalRate { get; set; } = 5;

    /// <summary>Requests beyond <see cref="Rate"/> that fail (5xx or an exception), per second, of which the server span alone is recorded.
    /// 0 to <see cref="MaxRate"/>. Default 5.</summary>
    public int ErrorRate { get; set; } = 5;

    /// <summary>Whether a request is recorded exactly when its caller's <c>traceparent</c> says that the caller recorded it. Default true,
    /// which keeps traces whole between services. Set to false if untrusted clients can send that header: the rate then decides, and the
    /// trace keeps the caller's id.</summary>
    public bool FollowCallers { get; set; } = true;
}
