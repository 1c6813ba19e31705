using Microsoft.AspNetCore.Http.HttpResults;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Admin;

/// <summary>Endpoints that show the policies in force.</summary>
internal static class PolicyEndpoints
{
    public static void MapPolicies(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/policies", List).WithSummary("All policies in force, with the numbers of every tier.");
        admin.MapGet("/policies/{name}", Get).WithSummary("One policy.").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Ok<PolicyView[]> List(EdgeRulesStore store)
    {
        EdgeRules rules = store.Current;
        return TypedResults.Ok<PolicyView[]>(
            [.. rules.PoliciesByName.Values.OrderBy(policy => policy.Name, StringComparer.Ordinal).Select(policy => View(rules, policy))]);
    }

    private static Results<Ok<PolicyView>, ProblemHttpResult> Get(string name, EdgeRulesStore store) =>
        store.Current.PoliciesByName.TryGetValue(name, out EdgePolicy? policy)
            ? TypedResults.Ok(View(store.Current, policy))
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound,
                detail: $"There is no policy '{name}'; there are: {SettingNames.List(store.Current.PoliciesByName.Keys)}.");

    private static PolicyView View(EdgeRules rules, EdgePolicy policy) => new(
        policy.Name,
        policy.Header is null ? policy.PartitionBy.ToString().ToLowerInvariant() : $"header:{policy.Header}",
        policy.Variant.Limits.FailureMode,
        policy == rules.AddressPolicy,
        Buckets(policy.Variant),
        rules.Tiers.Values
            .Where(tier => tier.Overrides.ContainsKey(policy.Name))
            .ToDictionary(tier => tier.Name, tier => Buckets(policy.VariantFor(tier))),
        new CostView(policy.Cost.Default, policy.Cost.Methods, policy.Cost.Routes, policy.Cost.ResponseHeader),
        RulesSource.Of(rules, nameof(RulesOptions.Policies), policy.Name));

    private static BucketView[] Buckets(PolicyVariant variant) =>
        [.. variant.Limits.Buckets.Select(
            bucket => new BucketView(bucket.Name, bucket.Capacity, bucket.RefillTokens, bucket.RefillPeriod, bucket.Shadow))];

    /// <summary>A policy. Its source is <c>configuration</c> or <c>redis</c>.</summary>
    internal sealed record PolicyView(
        string Name, string PartitionBy, FailureMode FailureMode, bool IsAddressPolicy, BucketView[] Buckets,
        Dictionary<string, BucketView[]> Tiers, CostView Cost, string Source);

    /// <summary>A bucket's numbers.</summary>
    internal sealed record BucketView(string Name, long Capacity, long RefillTokens, TimeSpan RefillPeriod, bool Shadow);

    /// <summary>The cost of requests.</summary>
    internal sealed record CostView(
        long Default, IReadOnlyDictionary<string, long> Methods, IReadOnlyDictionary<string, long> Routes, string? ResponseHeader);
}
