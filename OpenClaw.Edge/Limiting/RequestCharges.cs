using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Limiting;

/// <summary>What one request is charged: the address bucket, and the buckets of the route's policy.</summary>
internal readonly struct RequestCharges
{
    /// <summary>The address policy with the numbers that apply; null when there is none, or when it is the route's own.</summary>
    public PolicyVariant? AddressVariant { get; private init; }

    public Charge Address { get; private init; }

    /// <summary>The route's policy with the numbers that apply.</summary>
    public required PolicyVariant Variant { get; init; }

    public Charge Own { get; private init; }

    /// <summary>The known client that sent it.</summary>
    public Client? Client { get; private init; }

    /// <summary>The request pays one token in one place, whatever it would cost, and what it costs the upstream is not settled.</summary>
    public bool IsFlat { get; private init; }

    public bool HasShadows => Variant.HasShadows || AddressVariant is { HasShadows: true };

    /// <param name="rules">The rules in force.</param>
    /// <param name="policy">The route's policy.</param>
    /// <param name="identity">Who sent it.</param>
    /// <param name="partition">The partition of a policy by route or by header; null for the address.</param>
    /// <param name="cost">What it costs.</param>
    public static RequestCharges Create(EdgeRules rules, EdgePolicy policy, in RequestIdentity identity, string? partition, long cost)
    {
        Tier? tier = identity.Client?.Tier;
        PolicyVariant variant = policy.VariantFor(tier);
        Charge own = new(variant.Limits, Partition(policy, identity, partition), cost);
        if (rules.AddressPolicy is not { } addressPolicy || addressPolicy == policy)
        {
            return new RequestCharges { Variant = variant, Own = own, Client = identity.Client };
        }

        // Always one token: this bucket counts requests, whatever they cost elsewhere.
        PolicyVariant addressVariant = addressPolicy.VariantFor(tier);
        Charge address = new(addressVariant.Limits, AddressPartition(addressPolicy, identity));
        return new RequestCharges { AddressVariant = addressVariant, Address = address, Variant = variant, Own = own, Client = identity.Client };
    }

    /// <summary>The charges of a request that does not come to the client's buckets: the address alone pays, or where no address policy is charged, the bucket
    /// that the route's policy has for the request.</summary>
    public RequestCharges Flat() => new()
    {
        AddressVariant = AddressVariant,
        Address = Address,
        Variant = Variant,
        Own = Own with { Cost = 1 },
        IsFlat = true,
    };

    /// <summary>The same partitions, charged nothing.</summary>
    public RequestCharges Probe() => new()
    {
        AddressVariant = AddressVariant,
        Address = Address with { Cost = 0 },
        Variant = Variant,
        Own = Own with { Cost = 0 },
    };

    public ValueTask<RateLimitDecision> DecideAsync(ITokenBucketLimiter limiter) =>
        AddressVariant is null ? limiter.DecideAsync([Own]) : IsFlat ? limiter.DecideAsync([Address]) : limiter.DecideAsync([Address, Own]);

    private static string Partition(EdgePolicy policy, in RequestIdentity identity, string? given) => policy.PartitionBy switch
    {
        PartitionKind.Client => identity.ClientPartition,
        PartitionKind.Global => PartitionNames.Global,
        PartitionKind.Address => AddressPartition(policy, identity),
        _ => given ?? identity.AddressPartition,
    };

    private static string AddressPartition(EdgePolicy policy, in RequestIdentity identity) =>
        identity.Client?.Tier is { } tier && tier.Overrides.ContainsKey(policy.Name) ? tier.AddressPartition(identity.Address) : identity.AddressPartition;
}
