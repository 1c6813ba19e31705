namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>Reason for recording the span of a request that was not sampled.</summary>
public enum SpanReason
{
    /// <summary>The request was refused.</summary>
    Refusal,

    /// <summary>The request failed.</summary>
    Error,
}
