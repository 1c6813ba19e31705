namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>Why a request that the sampler left out is worth a span all the same.</summary>
public enum SpanReason
{
    /// <summary>It was refused.</summary>
    Refusal,

    /// <summary>It failed.</summary>
    Error,
}
