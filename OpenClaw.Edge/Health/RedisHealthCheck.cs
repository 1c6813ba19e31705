using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenClaw.RateLimiting;
using StackExchange.Redis;

namespace OpenClaw.Edge.Health;

/// <summary>Reports the limiter's view of Redis, without a call to Redis. Never unhealthy: without Redis, policies decide by their failure
/// mode, and removing all replicas from rotation at once would turn a Redis outage into an outage of the service.</summary>
internal sealed class RedisHealthCheck(IConnectionMultiplexer redis, IRateLimiterHealth limiter) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string? reason = limiter.Circuit == CircuitState.Closed
            ? (redis.IsConnected ? null : "connection")
            : limiter.Reason ?? "connection";
        return Task.FromResult(reason is null
            ? HealthCheckResult.Healthy("Redis decides.")
            : HealthCheckResult.Degraded($"Redis does not decide ({reason}); policies answer as their failure mode says."));
    }
}
