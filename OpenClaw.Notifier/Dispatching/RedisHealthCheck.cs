using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OpenClaw.Notifier.Dispatching;

/// <summary>Unhealthy while Redis cannot be used. Asks the loops, not Redis.</summary>
internal sealed class RedisHealthCheck(RedisState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(state.Problem is { } problem ? HealthCheckResult.Unhealthy(problem) : HealthCheckResult.Healthy());
}
