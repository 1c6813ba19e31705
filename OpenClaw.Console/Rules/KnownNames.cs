namespace OpenClaw.Console.Rules;

/// <summary>Names of rules in force.</summary>
/// <param name="Buckets">Names of the buckets of each policy.</param>
/// <param name="Tiers">Names of tiers.</param>
/// <param name="Clients">Ids of clients.</param>
internal sealed record KnownNames(
    IReadOnlyDictionary<string, IReadOnlyList<string>> Buckets, IReadOnlyCollection<string> Tiers, IReadOnlyCollection<string> Clients)
{
    private static readonly string[] Partitions = ["client", "address", "route", "global", "header:"];

    public static KnownNames None { get; } = new(new Dictionary<string, IReadOnlyList<string>>(), [], []);

    /// <summary>Names that an object may have.</summary>
    public IEnumerable<string> NamesAt(IReadOnlyList<string?> path) => path switch
    {
        [var section] when Is(section, "Policies") => Buckets.Keys,
        [var section, { } policy, var member] when Is(section, "Policies") && Is(member, "Buckets") => BucketsOf(policy),
        [var section] when Is(section, "Tiers") => Tiers,
        [var section, not null] when Is(section, "Tiers") => Buckets.Keys,
        [var section, not null, { } policy] when Is(section, "Tiers") => BucketsOf(policy),
        [var section] when Is(section, "Clients") => Clients,
        _ => [],
    };

    /// <summary>Names that a value may be.</summary>
    public IEnumerable<string> ValuesAt(IReadOnlyList<string?> path) => path switch
    {
        [var setting] when Is(setting, "AddressPolicy") => Buckets.Keys,
        [var section, not null, var setting] when Is(section, "Policies") && Is(setting, "PartitionBy") => Partitions,
        [var section, not null, var setting] when Is(section, "Clients") && Is(setting, "Tier") => Tiers,
        [var section, var list, null] when (Is(section, "Allow") || Is(section, "Deny")) && Is(list, "Clients") => Clients,
        _ => [],
    };

    private IEnumerable<string> BucketsOf(string policy) => Buckets.TryGetValue(policy, out IReadOnlyList<string>? names) ? names : [];

    private static bool Is(string? name, string expected) => expected.Equals(name, StringComparison.OrdinalIgnoreCase);
}
