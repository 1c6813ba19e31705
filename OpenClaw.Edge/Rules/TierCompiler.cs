using System.Collections.Frozen;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Policies;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Rules;

/// <summary>Builds tiers from settings.</summary>
internal sealed class TierCompiler(
    IReadOnlyDictionary<string, PolicyOptions> options, FrozenDictionary<string, EdgePolicy> policies, PolicyCompiler compiler,
    List<string> errors)
{
    private readonly AddressPartitions _addressPartitions = new();
    private string? _policyNames;

    public FrozenDictionary<string, Tier> Compile(Dictionary<string, Dictionary<string, Dictionary<string, TierBucketOptions>>> tiers)
    {
        Dictionary<string, Tier> compiled = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, Dictionary<string, Dictionary<string, TierBucketOptions>> overrides) in tiers.TakeWhile(
            _ => errors.Count < StrictSettings.MaxErrors))
        {
            string path = $"{EdgeOptions.Section}:Tiers:{name}";
            if (!SettingNames.IsValid(name))
            {
                errors.Add($"{path}: a tier's name has {SettingNames.Expected}.");
            }

            compiled.Add(name, Compile(name.ToLowerInvariant(), overrides, path));
        }

        return compiled.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private Tier Compile(string name, Dictionary<string, Dictionary<string, TierBucketOptions>> overrides, string path)
    {
        Dictionary<string, PolicyVariant> variants = new(StringComparer.Ordinal);
        foreach ((string policyName, Dictionary<string, TierBucketOptions> buckets) in overrides)
        {
            if (!options.TryGetValue(policyName, out PolicyOptions? policyOptions))
            {
                errors.Add($"{path}:{policyName} is not a policy; the policies are: {_policyNames ??= SettingNames.List(options.Keys)}.");
            }
            else if (policies.TryGetValue(policyName, out EdgePolicy? policy)
                && CompileOverride(policy, policyOptions, buckets, $"{path}:{policyName}") is { } variant)
            {
                variants[policy.Name] = variant;
            }
        }

        return new Tier(name, variants.ToFrozenDictionary(StringComparer.Ordinal), _addressPartitions);
    }

    private PolicyVariant? CompileOverride(
        EdgePolicy policy, PolicyOptions own, Dictionary<string, TierBucketOptions> overrides, string path)
    {
        if (policy.PartitionBy is not (PartitionKind.Client or PartitionKind.Address))
        {
            errors.Add(
                $"{path}: only policies with PartitionBy 'client' or 'address' can differ by tier; all tiers share the others' buckets.");
            return null;
        }

        string known = SettingNames.List(own.Buckets.Keys);
        errors.AddRange(overrides.Keys.Except(own.Buckets.Keys, StringComparer.OrdinalIgnoreCase)
            .Select(bucket => $"{path}:{bucket} is not a bucket of the policy; it has: {known}."));

        PolicyVariant? variant = compiler.CompileVariant(policy.Name, own, overrides, path);
        return variant?.HasSameValues(policy.Variant) == true ? policy.Variant : variant;
    }
}
