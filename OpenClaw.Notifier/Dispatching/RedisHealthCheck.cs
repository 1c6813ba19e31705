using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OpenClaw.Notifier.Dispatching;

/// <summary>Unhealthy while Redis cannot be used. It reports the state of the loops and does not call Redis.</summary>
internal sealed class RedisHealthCheck(RedisState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(state.Problem is { } problem ? HealthCheckResult.Unhealthy(problem) : HealthCheckResult.Healthy());
}
