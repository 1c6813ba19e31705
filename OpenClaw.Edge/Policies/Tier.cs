using System.Collections.Frozen;
using OpenClaw.Edge.Identity;

namespace OpenClaw.Edge.Policies;

/// <summary>A tier: by policy, the numbers that its clients get instead of the policy's own.</summary>
internal sealed class Tier(string name, FrozenDictionary<string, PolicyVariant> overrides)
{
    private readonly AddressPartitions _addressPartitions = new(Partitions.TierAddressPrefix(name));

    public string Name { get; } = name;

    public FrozenDictionary<string, PolicyVariant> Overrides { get; } = overrides;

    /// <summary>The partition of an address in a policy that the tier overrides: buckets of different size cannot be one bucket.</summary>
    public string AddressPartition(ClientAddress address) => _addressPartitions.Of(address);
}
