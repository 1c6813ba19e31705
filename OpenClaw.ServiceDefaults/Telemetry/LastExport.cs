using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>Exports the remaining telemetry once everything else has stopped, with a short timeout. Disposal would give each exporter 5 s,
/// one after another, which can exceed the shutdown time.</summary>
internal sealed class LastExport(MeterProvider metrics, TracerProvider traces, LoggerProvider logs) : IHostedLifecycleService
{
    private const int TimeoutMilliseconds = 1_500;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        // Metrics first, because there are always some.
        bool isThere = metrics.Shutdown(TimeoutMilliseconds);
        isThere &= logs.Shutdown(isThere ? TimeoutMilliseconds : 0);
        if (!isThere)
        {
            // Otherwise not yet: the instrumentation of Redis exports its last spans when this provider is disposed.
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
