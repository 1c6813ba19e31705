using System.Collections.Frozen;
using OpenClaw.Edge.Networks;

namespace OpenClaw.Edge.Policies;

/// <summary>A tier: the variants that its clients get instead of the policies' own.</summary>
/// <param name="name">The tier's name.</param>
/// <param name="overrides">The tier's variants, by policy name.</param>
/// <param name="addressPartitions">Cache of partition names, shared by all tiers.</param>
internal sealed class Tier(string name, FrozenDictionary<string, PolicyVariant> overrides, AddressPartitions addressPartitions)
{
    private readonly string _addressPrefix = PartitionNames.TierAddressPrefix(name);

    public string Name { get; } = name;

    public FrozenDictionary<string, PolicyVariant> Overrides { get; } = overrides;

    /// <summary>The partition of an address in a policy that the tier overrides. It differs from the untiered partition, because buckets of
    /// different capacity cannot share state.</summary>
    public string AddressPartition(ClientAddress address) => addressPartitions.Of(_addressPrefix, address);
}
