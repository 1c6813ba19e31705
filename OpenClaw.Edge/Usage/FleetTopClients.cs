namespace OpenClaw.Edge.Usage;

/// <summary>Merges the top clients of replicas.</summary>
internal static class FleetTopClients
{
    /// <summary>The clients with the most decisions, ordered by the lower bound of their counts, which is exact where the error is
    /// 0.</summary>
    /// <param name="lists">One list of each replica.</param>
    /// <param name="policy">Counts only decisions of this policy; null for all.</param>
    /// <param name="count">Number of clients.</param>
    public static IReadOnlyList<FleetTopClient> Merge(IReadOnlyCollection<ReplicaTopClients> lists, string? policy, int count)
    {
        // An upper bound: the sum of all floors; where a list has an entry, its count and error replace its floor.
        long floors = lists.Sum(list => list.Floor);
        Dictionary<(string Policy, string? Client, string? Address), (long Least, long Most)> clients = [];
        foreach (ReplicaTopClients list in lists)
        {
            foreach (ReplicaTopClient entry in list.Entries.Where(entry => policy is null || entry.Policy == policy))
            {
                (string, string?, string?) key = (entry.Policy, entry.Client, entry.Address);
                (long least, long most) = clients.GetValueOrDefault(key, (0, floors));
                clients[key] = (least + entry.Count, most - list.Floor + entry.Count + list.Error);
            }
        }

        return
        [
            .. clients
                .OrderByDescending(client => client.Value.Least)
                .ThenByDescending(client => client.Value.Most)
                .ThenBy(client => client.Key.Client ?? client.Key.Address, StringComparer.Ordinal)
                .Take(count)
                .Select(client => new FleetTopClient(
                    client.Key.Client ?? client.Key.Address!,
                    client.Key.Client is null ? "address" : "client",
                    client.Key.Client,
                    client.Key.Address,
                    client.Key.Policy,
                    client.Value.Most,
                    client.Value.Most - client.Value.Least)),
        ];
    }
}
