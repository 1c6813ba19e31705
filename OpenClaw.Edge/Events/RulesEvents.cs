using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Rules;

namespace OpenClaw.Edge.Events;

/// <summary>Reports that a rules document has come into force. Every replica does; Redis appends it once for each version.</summary>
internal sealed class RulesEvents(RedisRulesWatcher watcher, EventQueue queue, TimeProvider time, IOptions<EdgeOptions> options)
    : IHostedService
{
    // All replicas apply a document within a second. A later report is a repetition.
    private static readonly TimeSpan Window = TimeSpan.FromDays(1);

    private readonly string _replica = options.Value.Limiter.ReplicaName;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        watcher.Changed += Report;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        watcher.Changed -= Report;
        return Task.CompletedTask;
    }

    private void Report(RulesChange change) => queue.TryAdd(new PendingEvent(
        $"rules/{change.Version}",
        Window,
        new EdgeEvent
        {
            Type = EventTypes.RulesChanged,
            Time = time.GetUtcNow(),
            Version = change.Version,
            Operator = change.Operator,
            Reason = change.Reason,
            Replica = _replica,
        }));
}
