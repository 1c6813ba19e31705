using System.Collections.Frozen;
using OpenClaw.Edge.Networks;

namespace OpenClaw.Edge.Policies;

/// <summary>A tier: by policy, the numbers that its clients get instead of the policy's own.</summary>
/// <param name="name">The tier's name.</param>
/// <param name="overrides">By policy name, its numbers.</param>
/// <param name="addressPartitions">Names of address partitions, shared by all tiers.</param>
internal sealed class Tier(string name, FrozenDictionary<string, PolicyVariant> overrides, AddressPartitions addressPartitions)
{
    private readonly string _addressPrefix = PartitionNames.TierAddressPrefix(name);

    public string Name { get; } = name;

    public FrozenDictionary<string, PolicyVariant> Overrides { get; } = overrides;

    /// <summary>The partition of an address in a policy that the tier overrides: buckets of different size cannot be one bucket.</summary>
    public string AddressPartition(ClientAddress address) => addressPartitions.Of(_addressPrefix, address);
}
