using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Usage;

/// <summary>Usage of one slice of time. Not safe for concurrent use.</summary>
/// <param name="trackedClients">Number of counters for clients.</param>
internal sealed class UsageSlice(int trackedClients)
{
    private readonly Dictionary<string, PolicyUsage> _policies = [];

    /// <summary>By policy.</summary>
    public IReadOnlyDictionary<string, PolicyUsage> Policies => _policies;

    /// <summary>Decisions by <see cref="DecisionSource"/>.</summary>
    public long[] Sources { get; } = new long[Enum.GetValues<DecisionSource>().Length];

    public FrequencySummary<UsageKey> Admitted { get; } = new(trackedClients);

    public FrequencySummary<UsageKey> Denied { get; } = new(trackedClients);

    public void Add(UsageFrame frame)
    {
        AddPolicies(frame.Policies);
        AddSources(frame.Sources);
        Admitted.Merge(frame.Admitted);
        Denied.Merge(frame.Denied);
    }

    public void Add(UsageSlice other)
    {
        AddPolicies(other.Policies);
        AddSources(other.Sources);
        Admitted.Merge(other.Admitted);
        Denied.Merge(other.Denied);
    }

    private void AddPolicies(IReadOnlyDictionary<string, PolicyUsage> policies)
    {
        foreach ((string name, PolicyUsage usage) in policies.Where(policy => !policy.Value.Counts.IsZero))
        {
            if (!_policies.TryGetValue(name, out PolicyUsage? own))
            {
                own = new PolicyUsage();
                _policies.Add(name, own);
            }

            own.Add(usage);
        }
    }

    private void AddSources(long[] sources)
    {
        for (int i = 0; i < sources.Length; i++)
        {
            Sources[i] += sources[i];
        }
    }
}
