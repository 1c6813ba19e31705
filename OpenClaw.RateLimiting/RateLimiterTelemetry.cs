namespace OpenClaw.RateLimiting;

/// <summary>Names for collecting the limiter's telemetry.</summary>
public static class RateLimiterTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "OpenClaw.RateLimiting";

    /// <summary>Name of the activity source.</summary>
    public const string ActivitySourceName = "OpenClaw.RateLimiting";
}
