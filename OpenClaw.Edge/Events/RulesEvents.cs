using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Rules;

namespace OpenClaw.Edge.Events;

/// <summary>Reports changes of the rules: a new rules document, or changed rules in the configuration. All replicas report; Redis appends
/// one event per version, and one per configuration within ten minutes.</summary>
internal sealed class RulesEvents(
    RedisRulesWatcher watcher, EdgeRulesStore store, EventQueue queue, TimeProvider time, IOptions<EdgeOptions> options)
    : IHostedService
{
    // All replicas apply a document within a second. A later report is a repetition.
    private static readonly TimeSpan DocumentWindow = TimeSpan.FromDays(1);

    // Mounted files reach the replicas minutes apart. Later, an earlier configuration may come into force again.
    private static readonly TimeSpan ConfigurationWindow = TimeSpan.FromMinutes(10);

    private readonly string _replica = options.Value.Limiter.ReplicaName;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        watcher.Changed += ReportDocument;
        store.ConfigurationChanged += ReportConfiguration;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        watcher.Changed -= ReportDocument;
        store.ConfigurationChanged -= ReportConfiguration;
        return Task.CompletedTask;
    }

    private void ReportDocument(RulesChange change) => queue.TryAdd(new PendingEvent(
        $"rules/{change.Version}",
        DocumentWindow,
        Create() with { Version = change.Version, Operator = change.Operator, Reason = change.Reason }));

    private void ReportConfiguration(string fingerprint) =>
        queue.TryAdd(new PendingEvent($"rules/configuration/{fingerprint}", ConfigurationWindow, Create()) { Recurs = true });

    private EdgeEvent Create() => new() { Type = EventTypes.RulesChanged, Time = time.GetUtcNow(), Replica = _replica };
}
