namespace OpenClaw.RateLimiting;

/// <summary>Connection and telemetry of a limiter on Redis.</summary>
public sealed class RedisRateLimiterSettings
{
    /// <summary>Name of a connection string: the limiter connects to <c>ConnectionStrings:&lt;name&gt;</c>. Not used if <see
    /// cref="ConnectionString"/> is set.</summary>
    /// <value>Default <c>redis</c>.</value>
    public string ConnectionName { get; set; } = "redis";

    /// <summary>Connection string, as StackExchange.Redis writes it. Null: the one of <see cref="ConnectionName"/>.</summary>
    /// <value>Default null.</value>
    public string? ConnectionString { get; set; }

    /// <summary>Whether no health check is added. The check reports degraded, never unhealthy, while Redis does not decide.</summary>
    /// <value>Default false.</value>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether OpenTelemetry does not collect the limiter's spans.</summary>
    /// <value>Default false.</value>
    public bool DisableTracing { get; set; }

    /// <summary>Whether OpenTelemetry does not collect the limiter's metrics.</summary>
    /// <value>Default false.</value>
    public bool DisableMetrics { get; set; }
}
