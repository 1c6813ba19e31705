using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenClaw.RateLimiting;
using StackExchange.Redis;

namespace OpenClaw.Edge.Health;

/// <summary>Whether Redis decides, as the limiter knows: a check costs nothing and asks nobody. Never unhealthy: without Redis policies still decide as their failure mode
/// says, and taking every replica out of rotation at once would turn a Redis outage into one of the service.</summary>
internal sealed class RedisHealthCheck(IConnectionMultiplexer redis, IRateLimiterHealth limiter) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string? reason = limiter.Circuit == CircuitState.Closed ? (redis.IsConnected ? null : "connection") : limiter.Reason ?? "connection";
        return Task.FromResult(reason is null
            ? HealthCheckResult.Healthy("Redis decides.")
            : HealthCheckResult.Degraded($"Redis does not decide ({reason}); policies answer as their failure mode says."));
    }
}
