using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Health;

/// <summary>Drains the edge before it stops, so that no request is lost. On SIGTERM readiness fails at once while requests are still
/// served, which gives load balancers time to switch. Then Kestrel accepts no more connections and finishes requests in flight.</summary>
internal sealed class Drain(
    IOptions<EdgeOptions> options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Drain> logger) : IHostedLifecycleService
{
    private readonly TimeSpan _delay = options.Value.Drain.Delay;

    /// <summary>Whether the edge has been told to stop.</summary>
    public bool IsDraining { get; private set; }

    // The host calls this before it stops any service, Kestrel included.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        IsDraining = true;
        // Makes readiness fail. A signal has already done so; a host stopped by code would do it only after the delay.
        lifetime.StopApplication();
        Log.Draining(logger, _delay);
        try
        {
            await Task.Delay(_delay, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The shutdown timeout is over: stop now.
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
