using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Redis;
using OpenClaw.Edge.Telemetry;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Events;

/// <summary>Appends queued events a few times a second, many in one round trip. While Redis is unavailable events wait; the outage is
/// reported once Redis is back.</summary>
internal sealed class EventWriter(
    EventQueue queue, EventStore store, StoreWatch watch, IRateLimiterHealth health, EdgeMetrics metrics, TimeProvider time,
    IOptions<EdgeOptions> options, ILogger<EventWriter> logger)
    : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private const int MaxBatch = 128;

    private readonly bool _isEnabled = options.Value.Events.Enabled;
    private readonly ControlPlaneHealth _health = store.CreateHealth(logger);

    // Events that may or may not have been appended, because Redis did not answer; and events about the store, which a full queue must
    // not drop.
    private readonly List<PendingEvent> _first = [];

    /// <summary>Appends what is queued, up to a batch. Not safe for concurrent use.</summary>
    public async Task WriteAsync()
    {
        _first.AddRange(watch.Look());
        if (health.Circuit != CircuitState.Closed)
        {
            return;
        }

        List<PendingEvent> batch = [.. _first];
        _first.Clear();
        while (batch.Count < MaxBatch && queue.Take() is { } pending)
        {
            batch.Add(pending);
        }

        Task[] appending = [.. batch.Select(AppendAsync)];
        await Task.WhenAll(appending);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_isEnabled)
        {
            return;
        }

        using PeriodicTimer timer = new(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await WriteAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Events queued since the last write.
            await WriteAsync().WaitAsync(TimeSpan.FromSeconds(1), CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AppendAsync(PendingEvent pending)
    {
        string type = pending.Event.Type;
        try
        {
            TimeSpan? known = await store.AppendAsync(pending);
            _health.Succeeded();
            if (known is null)
            {
                metrics.CountEvents(type, appended: true);
            }

            pending.OnKnown?.Invoke(known ?? pending.Window);
        }
        catch (Exception exception) when (!ControlPlaneHealth.IsTransient(exception))
        {
            // Redis would refuse the same call again.
            metrics.CountEvents(type, appended: false);
            await _health.FailedAsync(exception);
        }
        catch (Exception)
        {
            lock (_first)
            {
                _first.Add(pending);
            }
        }
    }
}
