using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Policies;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Rules;

/// <summary>Builds policies and their variants from settings.</summary>
/// <param name="routes">By route id, the policy that the route names.</param>
/// <param name="hasPepper">Whether a pepper is configured, which hashing header values needs.</param>
/// <param name="previous">The previous rules. Unchanged limits are reused, so that the limiter's caches for them stay valid.</param>
/// <param name="errors">Receives every error.</param>
internal sealed class PolicyCompiler(IReadOnlyDictionary<string, string?> routes, bool hasPepper, EdgeRules? previous, List<string> errors)
{
    // Built once per policy, since many tiers may override it.
    private readonly Dictionary<string, List<RateLimitPolicy>> _knownLimits = [];

    /// <summary>Null when something was added to the errors.</summary>
    public EdgePolicy? Compile(string key, PolicyOptions options)
    {
        string path = $"{EdgeOptions.Section}:Policies:{key}";
        if (key.Equals("default", StringComparison.OrdinalIgnoreCase) || key.Equals("disable", StringComparison.OrdinalIgnoreCase))
        {
            errors.Add($"{path}: YARP reserves the name '{key}'.");
        }

        // Setting names are case-insensitive and Redis keys are not, so names are lower-cased.
        string name = key.ToLowerInvariant();
        (PartitionKind Kind, string? Header)? partition = PartitionParser.Parse(options.PartitionBy, $"{path}:PartitionBy", errors);
        if (partition is { Kind: PartitionKind.Header } && !hasPepper)
        {
            errors.Add($"{path}:PartitionBy is '{options.PartitionBy}'; header values are only used hashed, which needs "
                + $"{EdgeOptions.Section}:ApiKeys:Pepper from the start.");
        }

        if (options.Events.Denials is < 0 or > EventRules.MaxDenials)
        {
            errors.Add($"{path}:Events:Denials is {options.Events.Denials}; it must be 0 to {EventRules.MaxDenials}.");
        }

        ControlPlaneValidator.CheckThresholds(options.Events.Thresholds, $"{path}:Events:Thresholds", errors);
        CostRules? cost = CostCompiler.Compile(options.Cost, routes, $"{path}:Cost", errors);
        PolicyVariant? variant = CompileVariant(name, options, new Dictionary<string, TierBucketOptions>(), $"{path}:Buckets");
        return partition is null || cost is null || variant is null ? null : new EdgePolicy
        {
            Name = name,
            PartitionBy = partition.Value.Kind,
            Header = partition.Value.Header,
            Cost = cost,
            Denials = options.Events.Denials,
            Variant = variant,
        };
    }

    /// <summary>Builds a variant with some limits replaced; null when something was added to the errors.</summary>
    /// <param name="name">Name of the policy.</param>
    /// <param name="options">Settings of the policy.</param>
    /// <param name="overrides">Limits that replace the policy's, by bucket.</param>
    /// <param name="path">Path of the setting that holds the buckets or their overrides.</param>
    public PolicyVariant? CompileVariant(
        string name, PolicyOptions options, IReadOnlyDictionary<string, TierBucketOptions> overrides, string path)
    {
        Dictionary<string, TierBucketOptions> byBucket = new(overrides, StringComparer.OrdinalIgnoreCase);

        // Settings have no order. Sorted by name, all replicas use the same one.
        KeyValuePair<string, BucketOptions>[] ordered = [.. options.Buckets.OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase)];
        TokenBucket[] buckets =
            [.. ordered.Select(entry => Bucket(entry.Key, entry.Value, byBucket.GetValueOrDefault(entry.Key), options.Shadow))];
        int[]? ofPolicy = EventRules.CompileThresholds(options.Events.Thresholds);
        int[]?[] thresholds = [.. ordered.Select(entry => byBucket.GetValueOrDefault(entry.Key)?.Thresholds is { } ofTier
            ? EventRules.CompileThresholds(ofTier, $"{path}:{entry.Key}:Thresholds", errors)
            : ofPolicy)];
        IReadOnlyList<string> wrong = RateLimitPolicy.Validate(name, buckets, path);
        if (wrong.Count > 0)
        {
            errors.AddRange(wrong);
            return null;
        }

        RateLimitPolicy limits = new(name, buckets, options.FailureMode);
        return new PolicyVariant(KnownLimits(name).Find(limits.HasSameLimits) ?? limits, thresholds);
    }

    private static TokenBucket Bucket(string key, BucketOptions own, TierBucketOptions? tier, bool shadow) => new(
        key.ToLowerInvariant(), tier?.Capacity ?? own.Capacity, tier?.RefillTokens ?? own.RefillTokens,
        tier?.RefillPeriod ?? own.RefillPeriod)
    {
        Shadow = shadow || (tier?.Shadow ?? own.Shadow),
    };

    /// <summary>The distinct limits of a policy in the previous rules.</summary>
    private List<RateLimitPolicy> KnownLimits(string name)
    {
        if (!_knownLimits.TryGetValue(name, out List<RateLimitPolicy>? known))
        {
            known = previous is not null && previous.PoliciesByName.TryGetValue(name, out EdgePolicy? policy)
                ? [.. previous.Tiers.Values.Select(policy.VariantFor).Prepend(policy.Variant).Select(variant => variant.Limits).Distinct()]
                : [];
            _knownLimits.Add(name, known);
        }

        return known;
    }
}
