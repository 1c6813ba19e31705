using System.Diagnostics.Metrics;
using OpenClaw.Edge.Policies;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Telemetry;

/// <summary>The edge's metrics. Tags are the policy and the result, never the client.</summary>
internal sealed class EdgeMetrics
{
    public const string MeterName = "OpenClaw.Edge";

    private const string Applied = "applied";
    private const string Refused = "refused";

    private readonly Counter<long> _requests;
    private readonly Counter<long> _shadowRefusals;
    private readonly Counter<long> _shed;
    private readonly Counter<long> _shedConnections;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _rulesChanges;
    private readonly Counter<long> _droppedUsage;
    private readonly Counter<long> _events;
    private readonly UpDownCounter<long> _streams;

    public EdgeMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>("openclaw.edge.requests", "{request}", "Requests to limited routes, by policy and result.");
        _shadowRefusals = meter.CreateCounter<long>(
            "openclaw.edge.shadow_refusals", "{request}", "Requests that a shadow bucket would have refused, by policy.");
        _shed = meter.CreateCounter<long>("openclaw.edge.shed_requests", "{request}",
            "Requests refused because too many were in flight: in all (edge_full) or of their address (address_full).");
        _shedConnections = meter.CreateCounter<long>(
            "openclaw.edge.shed_connections", "{connection}", "Connections closed because their address had too many open.");
        _active = meter.CreateUpDownCounter<long>("openclaw.edge.active_requests", "{request}", "Proxied requests in flight.");
        _rulesChanges = meter.CreateCounter<long>(
            "openclaw.edge.rules_changes", "{change}", "Changes of the rules, by result: applied or refused.");
        _droppedUsage = meter.CreateCounter<long>(
            "openclaw.edge.usage_dropped",
            "{decision}",
            "Decisions that usage figures leave out, because recording them would have waited.");
        _events = meter.CreateCounter<long>(
            "openclaw.edge.events", "{event}", "Events for operators and clients, by type and result: appended or dropped.");
        _streams = meter.CreateUpDownCounter<long>(
            "openclaw.edge.streams", "{stream}", "Open streams of server-sent events in the admin API.");

        // Publish 0 first, so that increase() in alerts sees the first event.
        CountShed(Outcomes.EdgeFull, 0);
        CountShed(Outcomes.AddressFull, 0);
        CountShedConnection(0);
        _rulesChanges.Add(0, new KeyValuePair<string, object?>("result", Applied));
        _rulesChanges.Add(0, new KeyValuePair<string, object?>("result", Refused));
        _droppedUsage.Add(0);
    }

    public void Count(EdgePolicy policy, string result)
    {
        if (_requests.Enabled)
        {
            _requests.Add(1, new("policy", policy.Name), new("result", result));
        }
    }

    /// <summary>Counts a decision once for each policy with a shadow bucket that would have refused it.</summary>
    public void CountShadows(in RateLimitDecision decision)
    {
        string? counted = null;
        foreach (BucketStatus status in decision.Buckets)
        {
            if (status.IsInsufficient && status.Bucket.Shadow && status.Policy.Name != counted)
            {
                counted = status.Policy.Name;
                _shadowRefusals.Add(1, new KeyValuePair<string, object?>("policy", counted));
            }
        }
    }

    public void CountShed(string result, long count = 1) => _shed.Add(count, new KeyValuePair<string, object?>("result", result));

    public void CountShedConnection(long count = 1) => _shedConnections.Add(count);

    public void RequestStarted() => _active.Add(1);

    public void RequestEnded() => _active.Add(-1);

    public void CountRulesChange(bool applied) =>
        _rulesChanges.Add(1, new KeyValuePair<string, object?>("result", applied ? Applied : Refused));

    public void CountDroppedUsage() => _droppedUsage.Add(1);

    /// <summary>Counts events that were appended to the stream, or dropped. The number of types is fixed.</summary>
    public void CountEvents(string type, bool appended, long count = 1) =>
        _events.Add(count, new("type", type), new("result", appended ? "appended" : "dropped"));

    public void StreamOpened() => _streams.Add(1);

    public void StreamClosed() => _streams.Add(-1);
}
