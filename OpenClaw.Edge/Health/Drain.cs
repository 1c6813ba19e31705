using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Health;

/// <summary>Stopping without losing a request. On SIGTERM readiness says 503 at once, while requests are served as before, so that balancers
/// have time to look elsewhere; then Kestrel takes no more connections and finishes what is in flight.</summary>
internal sealed class Drain(IOptions<EdgeOptions> options, TimeProvider time, ILogger<Drain> logger) : IHostedLifecycleService, IHealthCheck
{
    private readonly TimeSpan _delay = options.Value.Drain.Delay;

    /// <summary>Whether the edge has been told to stop.</summary>
    public bool IsDraining { get; private set; }

    // The host runs this before it stops any service, Kestrel included.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        IsDraining = true;
        Log.Draining(logger, _delay);
        try
        {
            await Task.Delay(_delay, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Out of patience: stop now.
        }
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(IsDraining ? HealthCheckResult.Unhealthy("The edge is stopping.") : HealthCheckResult.Healthy());

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
