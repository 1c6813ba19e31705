using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Admin;

/// <summary>Reads buckets without taking tokens.</summary>
internal sealed class BucketInspector(IRateLimiterAdmin limiter, EdgeRulesStore rules, TimeProvider time, IOptions<EdgeOptions> options)
{
    private readonly bool _acceptsUnknownKeys = options.Value.ApiKeys.Unknown == UnknownKey.Accept;

    public async Task<PartitionView> InspectAsync(Charge charge)
    {
        RateLimitDecision decision = await limiter.InspectAsync(charge.Policy, charge.Partition);
        return new PartitionView(
            charge.Policy.Name,
            charge.Partition,
            PartitionNames.TierOf(charge.Partition),
            OnlyOf(charge),
            decision.Source,
            decision.BlockedFor > TimeSpan.Zero ? decision.BlockedFor.TotalSeconds : null,
            [.. decision.Buckets.Select(View)]);
    }

    /// <summary>The requests of an address that are charged to it, where others are charged to a client or to a header's value.</summary>
    private string? OnlyOf(Charge charge) =>
        !charge.Partition.StartsWith(PartitionNames.AddressPrefix, StringComparison.Ordinal)
            || !rules.Current.PoliciesByName.TryGetValue(charge.Policy.Name, out EdgePolicy? policy) ? null
        : policy.PartitionBy switch
        {
            PartitionKind.Client => _acceptsUnknownKeys ? "requests without a key" : "requests without the key of a client",
            PartitionKind.Header => $"requests without the header {policy.Header}",
            _ => null,
        };

    private BucketView View(BucketStatus status) => new(
        status.Bucket.Name, status.Bucket.Capacity, status.Remaining, status.FullAfter.TotalSeconds,
        time.GetUtcNow() + status.FullAfter, status.Bucket.Shadow);

    /// <summary>The buckets of one partition of one policy.</summary>
    /// <param name="Policy">The policy.</param>
    /// <param name="Partition">The partition.</param>
    /// <param name="Tier">The tier whose clients at this address share the buckets; null for other partitions.</param>
    /// <param name="Only">Of an address's partition, the requests that it concerns; null when it concerns all.</param>
    /// <param name="Source">Store, or DenyCache for a cached denial. Any other source means that Redis did not answer and that the numbers
    /// are this replica's local ones.</param>
    /// <param name="BlockedForSeconds">Seconds until an operator's block ends; null when there is none.</param>
    /// <param name="Buckets">Every bucket.</param>
    internal sealed record PartitionView(
        string Policy, string Partition, string? Tier, string? Only, DecisionSource Source, double? BlockedForSeconds,
        BucketView[] Buckets);

    /// <summary>The current state of one bucket.</summary>
    internal sealed record BucketView(
        string Name, long Capacity, long Remaining, double FullAfterSeconds, DateTimeOffset FullAt, bool Shadow);
}
