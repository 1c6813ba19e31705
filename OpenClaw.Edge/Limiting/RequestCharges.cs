using System.Diagnostics;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Limiting;

/// <summary>The charges of one request: to the address bucket, and to the buckets of the route's policy.</summary>
internal readonly struct RequestCharges
{
    /// <summary>The variant of the address policy that applies; null when there is no address policy, or when the route uses it as its
    /// own.</summary>
    public PolicyVariant? AddressVariant { get; private init; }

    public Charge Address { get; private init; }

    /// <summary>The variant of the route's policy that applies.</summary>
    public required PolicyVariant Variant { get; init; }

    public Charge Own { get; private init; }

    /// <summary>The known client that sent the request.</summary>
    public Client? Client { get; private init; }

    /// <summary>The address that sent the request.</summary>
    public ClientAddress Sender { get; private init; }

    /// <summary>Whether the request pays one token from one policy's buckets, whatever its cost. A cost stated by the upstream is then not
    /// settled.</summary>
    public bool IsFlat { get; private init; }

    public bool HasShadows => Variant.HasShadows || AddressVariant is { HasShadows: true };

    /// <param name="rules">The rules in force.</param>
    /// <param name="policy">The route's policy.</param>
    /// <param name="identity">The sender.</param>
    /// <param name="partition">The partition of a policy by route or by header; null for the address. Ignored for others.</param>
    /// <param name="cost">The cost in tokens.</param>
    public static RequestCharges Create(EdgeRules rules, EdgePolicy policy, in RequestIdentity identity, string? partition, long cost)
    {
        Tier? tier = identity.Client?.Tier;
        PolicyVariant variant = policy.VariantFor(tier);
        Charge own = new(variant.Limits, Partition(policy, identity, partition), cost);
        if (rules.AddressPolicy is not { } addressPolicy || addressPolicy == policy)
        {
            return new RequestCharges { Variant = variant, Own = own, Client = identity.Client, Sender = identity.Address };
        }

        // Always one token: the address bucket counts requests, whatever their cost.
        PolicyVariant addressVariant = addressPolicy.VariantFor(tier);
        Charge address = new(addressVariant.Limits, AddressPartition(addressPolicy, identity));
        return new RequestCharges
        {
            AddressVariant = addressVariant,
            Address = address,
            Variant = variant,
            Own = own,
            Client = identity.Client,
            Sender = identity.Address,
        };
    }

    /// <summary>Charges for a request that is not charged to the client: one token from the address bucket or, without an address policy,
    /// from the route's buckets.</summary>
    public RequestCharges Flat() => new()
    {
        AddressVariant = AddressVariant,
        Address = Address,
        Variant = Variant,
        Own = Own with { Cost = 1 },
        Sender = Sender,
        IsFlat = true,
    };

    /// <summary>The same partitions with a cost of 0.</summary>
    public RequestCharges Probe() => new()
    {
        AddressVariant = AddressVariant,
        Address = Address with { Cost = 0 },
        Variant = Variant,
        Own = Own with { Cost = 0 },
    };

    public ValueTask<RateLimitDecision> DecideAsync(IRateLimiterClient limiter) =>
        AddressVariant is null ? limiter.DecideAsync(Own) : IsFlat ? limiter.DecideAsync(Address) : limiter.DecideAsync([Address, Own]);

    private static string Partition(EdgePolicy policy, in RequestIdentity identity, string? given) => policy.PartitionBy switch
    {
        PartitionKind.Client => identity.ClientPartition,
        PartitionKind.Global => PartitionNames.Global,
        PartitionKind.Address => AddressPartition(policy, identity),
        PartitionKind.Route or PartitionKind.Header => given ?? identity.AddressPartition,
        _ => throw new UnreachableException($"No partition is defined for {nameof(PartitionKind)}.{policy.PartitionBy}."),
    };

    private static string AddressPartition(EdgePolicy policy, in RequestIdentity identity) =>
        identity.Client?.Tier is { } tier && tier.Overrides.ContainsKey(policy.Name)
            ? tier.AddressPartition(identity.Address)
            : identity.AddressPartition;
}
