namespace OpenClaw.Edge.Usage;

/// <summary>The top clients of one replica in a window.</summary>
/// <param name="Error">Largest number of decisions by which a count may be too low.</param>
/// <param name="Floor">Largest number of decisions of a client without an entry.</param>
/// <param name="Entries">The clients with the most decisions of all, and those with the most of each policy.</param>
internal sealed record ReplicaTopClients(long Error, long Floor, ReplicaTopClient[] Entries)
{
    private const int OfEachPolicy = 10;
    private const int MaxFactor = 4;

    public static readonly ReplicaTopClients Empty = new(0, 0, []);

    /// <summary>Selects clients from a summary.</summary>
    /// <param name="summary">The summary.</param>
    /// <param name="reported">Number of clients with the most decisions of all. Together with those of each policy there are up to four
    /// times as many.</param>
    public static ReplicaTopClients Of(FrequencySummary<UsageKey> summary, int reported)
    {
        List<ReplicaTopClient> entries = [];
        Dictionary<string, int> ofPolicy = [];
        long unreported = 0;
        foreach ((UsageKey key, long count) in summary.Counts.OrderByDescending(entry => entry.Value))
        {
            int before = ofPolicy.GetValueOrDefault(key.Policy);
            if (entries.Count < reported || (before < OfEachPolicy && entries.Count < reported * MaxFactor))
            {
                ofPolicy[key.Policy] = before + 1;
                UsageSubject subject = key.Subject;
                entries.Add(new ReplicaTopClient(key.Policy, count, subject.Client, subject.IsClient ? null : subject.Address.ToString()));
            }
            else
            {
                unreported = Math.Max(unreported, count);
            }
        }

        return new ReplicaTopClients(summary.Error, summary.Error + unreported, [.. entries]);
    }
}
