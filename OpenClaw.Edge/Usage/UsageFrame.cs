using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Usage;

/// <summary>Usage recorded by one stripe since it was last drained. Not safe for concurrent use.</summary>
/// <param name="trackedClients">Number of counters for clients.</param>
internal sealed class UsageFrame(int trackedClients)
{
    // Removed policies keep their entry until there are this many.
    private const int MaxPolicies = 2_000;

    private readonly Dictionary<string, PolicyUsage> _policies = [];

    /// <summary>By policy.</summary>
    public IReadOnlyDictionary<string, PolicyUsage> Policies => _policies;

    /// <summary>Decisions by <see cref="DecisionSource"/>.</summary>
    public long[] Sources { get; } = new long[Enum.GetValues<DecisionSource>().Length];

    public SpaceSavingCounter<UsageKey> Admitted { get; } = new(trackedClients);

    public SpaceSavingCounter<UsageKey> Denied { get; } = new(trackedClients);

    public void Add(in UsageRecord record)
    {
        PolicyUsage policy = Of(record.Policy);
        bool isLocal = record.Source is DecisionSource.Local or DecisionSource.Open or DecisionSource.Closed;
        policy.Counts += new UsageCounts(record.IsAdmitted ? 1 : 0, record.IsAdmitted ? 0 : 1, 0, isLocal ? 1 : 0);
        policy.Latency[LatencyHistogram.IndexOf(record.Microseconds)]++;
        if (record.ShadowPolicy is { } shadow)
        {
            Of(shadow).Counts += new UsageCounts(0, 0, 1, 0);
        }

        Sources[(int)record.Source]++;
        (record.IsAdmitted ? Admitted : Denied).Add(new UsageKey(record.Policy, record.Subject));
    }

    public void Clear()
    {
        if (_policies.Count > MaxPolicies)
        {
            _policies.Clear();
        }

        foreach (PolicyUsage policy in _policies.Values)
        {
            policy.Clear();
        }

        Array.Clear(Sources);
        Admitted.Clear();
        Denied.Clear();
    }

    private PolicyUsage Of(string policy)
    {
        if (!_policies.TryGetValue(policy, out PolicyUsage? usage))
        {
            usage = new PolicyUsage();
            _policies.Add(policy, usage);
        }

        return usage;
    }
}
