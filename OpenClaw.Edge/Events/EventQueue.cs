using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Telemetry;

namespace OpenClaw.Edge.Events;

/// <summary>Holds events until they are appended. Bounded: when it is full because Redis is unavailable, further events are dropped and
/// counted. Safe for concurrent use.</summary>
internal sealed class EventQueue
{
    private readonly ConcurrentQueue<PendingEvent> _events = new();
    private readonly int _capacity;
    private readonly EdgeMetrics _metrics;
    private int _count;

    public EventQueue(IOptions<EdgeOptions> options, EdgeMetrics metrics)
    {
        IsEnabled = options.Value.Events.Enabled;
        _capacity = options.Value.Events.QueueLength;
        _metrics = metrics;
        foreach (string type in EventTypes.All)
        {
            // Publish 0 first, so that increase() in alerts sees the first event.
            metrics.CountEvents(type, appended: true, 0);
            metrics.CountEvents(type, appended: false, 0);
        }
    }

    public bool IsEnabled { get; }

    /// <summary>Adds an event; false when it was dropped.</summary>
    public bool TryAdd(PendingEvent pending)
    {
        if (!IsEnabled)
        {
            return false;
        }

        if (Interlocked.Increment(ref _count) > _capacity)
        {
            Interlocked.Decrement(ref _count);
            _metrics.CountEvents(pending.Event.Type, appended: false);
            return false;
        }

        _events.Enqueue(pending);
        return true;
    }

    /// <summary>Takes the oldest event.</summary>
    public PendingEvent? Take()
    {
        if (!_events.TryDequeue(out PendingEvent? pending))
        {
            return null;
        }

        Interlocked.Decrement(ref _count);
        return pending;
    }
}
