using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>Exports the remaining telemetry once everything else has stopped, and gives up soon when a collector does not answer. Disposed
/// providers would give their exporters 5 s each, one after the other, which can exceed the time that the process has to end.</summary>
internal sealed class LastExport(MeterProvider metrics, TracerProvider traces, LoggerProvider logs) : IHostedLifecycleService
{
    private const int PatienceMilliseconds = 1_500;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        // Metrics first, because there are always some.
        bool isThere = metrics.Shutdown(PatienceMilliseconds);
        isThere &= logs.Shutdown(isThere ? PatienceMilliseconds : 0);
        if (!isThere)
        {
            // Otherwise not yet: the instrumentation of Redis hands over its last spans when this provider is disposed.
            traces.Shutdown(0);
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
