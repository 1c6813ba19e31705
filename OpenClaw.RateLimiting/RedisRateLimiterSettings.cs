namespace OpenClaw.RateLimiting;

/// <summary>Connection and telemetry of a limiter on Redis.</summary>
public sealed class RedisRateLimiterSettings
{
    /// <summary>Name of a connection string: the limiter connects to <c>ConnectionStrings:&lt;name&gt;</c>. Not used if <see
    /// cref="ConnectionString"/> is set.</summary>
    /// <value>Default <c>redis</c>.</value>
    public string ConnectionName { get; set; } = "redis";

    /// <summary>Connection string in the format of StackExchange.Redis. Null: the one named by <see cref="ConnectionName"/>.</summary>
    /// <value>Default null.</value>
    public string? ConnectionString { get; set; }

    /// <summary>Disables the health check, which reports degraded, never unhealthy, while Redis does not decide.</summary>
    /// <value>Default false.</value>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Disables collection of the limiter's spans by OpenTelemetry.</summary>
    /// <value>Default false.</value>
    public bool DisableTracing { get; set; }

    /// <summary>Disables collection of the limiter's metrics by OpenTelemetry.</summary>
    /// <value>Default false.</value>
    public bool DisableMetrics { get; set; }
}
