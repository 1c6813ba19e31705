using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Admin;

/// <summary>Finds the partitions of a client or an address.</summary>
internal sealed class PartitionFinder(EdgeRulesStore store)
{
    /// <summary>The partitions, as charges with a cost of 0; null with the reason when there are none.</summary>
    /// <param name="target">The target.</param>
    /// <param name="error">Receives the reason.</param>
    public IReadOnlyList<Charge>? Find(BucketTarget target, out string error)
    {
        EdgeRules rules = store.Current;
        error = "";
        List<EdgePolicy> policies = [.. rules.PoliciesByName.Values.OrderBy(policy => policy.Name, StringComparer.Ordinal)];
        if (target.Policy is not null)
        {
            policies.RemoveAll(policy => !policy.Name.Equals(target.Policy, StringComparison.OrdinalIgnoreCase));
            if (policies.Count == 0)
            {
                error = $"There is no policy '{target.Policy}'; there are: {SettingNames.List(rules.PoliciesByName.Keys)}.";
                return null;
            }
        }

        if (target.Client is not null)
        {
            return rules.Clients.FindById(target.Client) is { } client
                ? OfClient(policies, client, out error)
                : Fail($"There is no client '{target.Client}'.", out error);
        }

        return target.Address is { } address
            ? OfAddress(rules, policies, address, out error)
            : [OfPartition(rules, policies[0], target.Partition!)];
    }

    private static IReadOnlyList<Charge>? OfClient(List<EdgePolicy> policies, Client client, out string error)
    {
        List<Charge> charges = [.. policies
            .Where(policy => policy.PartitionBy == PartitionKind.Client)
            .Select(policy => new Charge(policy.VariantFor(client.Tier).Limits, client.Partition, 0))];
        error = charges.Count == 0 ? "The policy is not partitioned by client." : "";
        return charges.Count == 0 ? null : charges;
    }

    /// <summary>Includes policies by client and by header: they charge requests without a key or without that header to the
    /// address.</summary>
    private static IReadOnlyList<Charge>? OfAddress(
        EdgeRules rules, List<EdgePolicy> policies, ClientAddress address, out string error)
    {
        List<Charge> charges = [];
        foreach (EdgePolicy policy in policies.Where(
            policy => policy.PartitionBy is PartitionKind.Client or PartitionKind.Address or PartitionKind.Header))
        {
            charges.Add(new Charge(policy.Variant.Limits, PartitionNames.AddressPrefix + address, 0));
            if (policy.PartitionBy == PartitionKind.Address)
            {
                charges.AddRange(rules.Tiers.Values
                    .Where(tier => tier.Overrides.ContainsKey(policy.Name))
                    .Select(tier => new Charge(policy.VariantFor(tier).Limits, tier.AddressPartition(address), 0)));
            }
        }

        error = charges.Count == 0 ? "The policy has no partitions by address." : "";
        return charges.Count == 0 ? null : charges;
    }

    /// <summary>Uses the limits of the partition's tier. With other limits, the limiter would convert the balance to them.</summary>
    private static Charge OfPartition(EdgeRules rules, EdgePolicy policy, string partition)
    {
        Tier? tier = policy.PartitionBy switch
        {
            PartitionKind.Client => PartitionNames.ClientIdOf(partition) is { } id ? rules.Clients.FindById(id)?.Tier : null,
            PartitionKind.Address => PartitionNames.TierOf(partition) is { } name ? rules.Tiers.GetValueOrDefault(name) : null,
            _ => null,
        };
        return new Charge(policy.VariantFor(tier).Limits, partition, 0);
    }

    private static IReadOnlyList<Charge>? Fail(string reason, out string error)
    {
        error = reason;
        return null;
    }
}
