using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OpenClaw.RateLimiting.Registration;

/// <summary>Reports whether Redis decides, without a call to Redis. Never unhealthy: without Redis, policies decide by their failure mode,
/// and removing all replicas from rotation at once would turn an outage of Redis into an outage of the service.</summary>
internal sealed class RateLimiterHealthCheck(IRateLimiterHealth limiter) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(limiter.Circuit == CircuitState.Closed
            ? HealthCheckResult.Healthy("Redis decides.")
            : HealthCheckResult.Degraded(
                $"Redis does not decide ({limiter.Reason ?? "connection"}); policies answer as their failure mode says."));
}
