using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.RateLimiting;
using StackExchange.Redis;

namespace OpenClaw.Edge.Events;

/// <summary>Detects the beginning and the end of an outage of Redis, by the limiter's health. Not safe for concurrent use.</summary>
internal sealed class StoreWatch(
    IConnectionMultiplexer redis, IRateLimiterHealth health, TimeProvider time, IOptions<EdgeOptions> options)
{
    // All replicas lose the store at about the same time: one event is enough.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    private readonly string _replica = options.Value.Limiter.ReplicaName;
    private (DateTimeOffset At, string? Reason)? _lost;

    /// <summary>Events to append: none during an outage, and both its beginning and its end once it is over.</summary>
    public IReadOnlyList<PendingEvent> Look()
    {
        if (health.Circuit != CircuitState.Closed || !redis.IsConnected)
        {
            _lost ??= (time.GetUtcNow(), health.Reason ?? "connection");
            return [];
        }

        if (_lost is not var (at, reason))
        {
            return [];
        }

        _lost = null;
        return
        [
            Of(EventTypes.StoreLost, at, reason, null),
            Of(EventTypes.StoreRestored, time.GetUtcNow(), null, (time.GetUtcNow() - at).TotalSeconds),
        ];
    }

    private PendingEvent Of(string type, DateTimeOffset at, string? reason, double? seconds) => new(
        type.Replace('.', '/'), Window,
        new EdgeEvent { Type = type, Time = at, Reason = reason, Seconds = seconds, Replica = _replica })
    {
        Recurs = true,
    };
}
