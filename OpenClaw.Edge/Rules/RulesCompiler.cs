using System.Collections.Frozen;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Policies;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Rules;

/// <summary>Builds rules from settings, or reports all errors.</summary>
internal static class RulesCompiler
{
    /// <summary>The address policy when none is configured.</summary>
    private static readonly PolicyOptions DefaultAddressPolicy = new()
    {
        PartitionBy = "address",
        Buckets = { ["address"] = new BucketOptions { Capacity = 200, RefillTokens = 50 } },
    };

    /// <summary>Compiles <paramref name="options"/>; null when something was added to <paramref name="errors"/>.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="routes">By route id, the policy that the route names; null when it names none.</param>
    /// <param name="hasPepper">Whether keys can be hashed.</param>
    /// <param name="previous">The previous rules. Unchanged limits are reused, so that the limiter's caches for them stay valid.</param>
    /// <param name="errors">Receives every error.</param>
    /// <param name="document">The document that overrides settings; null for none.</param>
    public static EdgeRules? Compile(
        RulesOptions options, IReadOnlyDictionary<string, string?> routes, bool hasPepper, EdgeRules? previous, List<string> errors,
        RulesDocument? document = null)
    {
        int before = errors.Count;
        RulesLimits.Check(options, errors);
        if (errors.Count > before)
        {
            return null;
        }

        Dictionary<string, PolicyOptions> all = new(options.Policies, StringComparer.OrdinalIgnoreCase);
        if (options.AddressPolicy.Equals(RulesOptions.DefaultAddressPolicy, StringComparison.OrdinalIgnoreCase))
        {
            all.TryAdd(RulesOptions.DefaultAddressPolicy, DefaultAddressPolicy);
        }

        PolicyCompiler compiler = new(routes, hasPepper, previous, errors);
        FrozenDictionary<string, EdgePolicy> policies = all
            .Select(entry => compiler.Compile(entry.Key, entry.Value))
            .OfType<EdgePolicy>()
            .ToFrozenDictionary(policy => policy.Name, StringComparer.OrdinalIgnoreCase);
        CheckRoutes(routes, all, errors);
        EdgePolicy? addressPolicy = FindAddressPolicy(options.AddressPolicy, all, policies, errors);
        CheckHeaders(all, policies, addressPolicy, errors);
        FrozenDictionary<string, Tier> tiers = new TierCompiler(all, policies, compiler, errors).Compile(options.Tiers);
        ClientRegistry clients = new ClientCompiler(options.Clients, tiers, hasPepper, errors).Compile();
        HashSet<string> clientIds = new(options.Clients.Keys, StringComparer.OrdinalIgnoreCase);
        EdgeRules rules = new()
        {
            PoliciesByName = policies,
            AddressPolicy = addressPolicy,
            Tiers = tiers,
            Clients = clients,
            Allow = CompileList(options.Allow, clientIds, nameof(options.Allow), errors),
            Deny = CompileList(options.Deny, clientIds, nameof(options.Deny), errors),
            Document = document ?? RulesDocument.Empty,
        };
        return errors.Count > before ? null : rules;
    }

    /// <summary>The error for rules that let clients create any number of partitions without an enforcing address bucket; null when there
    /// is such a bucket.</summary>
    /// <param name="rules">The rules; null when they are invalid.</param>
    /// <param name="setting">The setting that lets clients create partitions, with its value.</param>
    public static string? UnboundedPartitionsError(EdgeRules? rules, string setting) =>
        rules is null || Limits(rules.AddressPolicy) ? null : UnboundedPartitionsError(setting);

    private static string UnboundedPartitionsError(string setting) =>
        $"{setting}, which lets any client fill Redis with buckets; set {EdgeOptions.Section}:AddressPolicy to a policy by address with a "
            + $"bucket that is not a shadow, such as '{RulesOptions.DefaultAddressPolicy}'.";

    private static bool Limits(EdgePolicy? addressPolicy) => addressPolicy?.Variant.Limits.Buckets.Any(bucket => !bucket.Shadow) == true;

    private static void CheckHeaders(
        Dictionary<string, PolicyOptions> all, FrozenDictionary<string, EdgePolicy> policies, EdgePolicy? addressPolicy,
        List<string> errors)
    {
        // An invalid address policy is already reported.
        if (Limits(addressPolicy) || (addressPolicy is null && policies.Count < all.Count))
        {
            return;
        }

        errors.AddRange(policies.Values
            .Where(policy => policy.PartitionBy == PartitionKind.Header)
            .OrderBy(policy => policy.Name, StringComparer.Ordinal)
            .Select(policy => UnboundedPartitionsError(
                $"{EdgeOptions.Section}:Policies:{policy.Name}:PartitionBy is 'header:{policy.Header}'")));
    }

    private static void CheckRoutes(
        IReadOnlyDictionary<string, string?> routes, Dictionary<string, PolicyOptions> policies, List<string> errors)
    {
        foreach ((string route, string? policy) in routes)
        {
            if (!string.IsNullOrEmpty(policy)
                && !policies.ContainsKey(policy)
                && !policy.Equals("disable", StringComparison.OrdinalIgnoreCase))
            {
                errors.Add(
                    $"ReverseProxy:Routes:{route}:RateLimiterPolicy is '{policy}'; the policies are: {SettingNames.List(policies.Keys)}.");
            }
        }
    }

    private static EdgePolicy? FindAddressPolicy(
        string name, Dictionary<string, PolicyOptions> all, FrozenDictionary<string, EdgePolicy> policies, List<string> errors)
    {
        if (name.Length == 0)
        {
            return null;
        }

        if (!all.ContainsKey(name))
        {
            errors.Add($"{EdgeOptions.Section}:AddressPolicy is '{name}'; it must be empty or one of: {SettingNames.List(all.Keys)}.");
        }

        EdgePolicy? policy = policies.GetValueOrDefault(name);
        if (policy is not null && policy.PartitionBy != PartitionKind.Address)
        {
            errors.Add($"{EdgeOptions.Section}:AddressPolicy is '{name}', whose PartitionBy is not 'address'.");
        }

        return policy;
    }

    private static AccessList CompileList(AccessListOptions list, HashSet<string> clientIds, string name, List<string> errors)
    {
        string path = $"{EdgeOptions.Section}:{name}";
        for (int i = 0; i < list.Clients.Count && errors.Count < StrictSettings.MaxErrors; i++)
        {
            if (!clientIds.Contains(list.Clients[i]))
            {
                errors.Add($"{path}:Clients:{i} is '{list.Clients[i]}', which is not the id of a client.");
            }
        }

        return new AccessList(
            NetworkText.Compile(list.Networks, $"{path}:Networks", errors), [.. list.Networks],
            list.Clients.ToFrozenSet(StringComparer.OrdinalIgnoreCase));
    }
}
