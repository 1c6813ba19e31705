using OpenClaw.Edge.Policies;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Admin;

/// <summary>Reads buckets without taking tokens.</summary>
internal sealed class BucketInspector(IRateLimiterAdmin limiter, TimeProvider time)
{
    public async Task<PartitionView> InspectAsync(Charge charge)
    {
        RateLimitDecision decision = await limiter.InspectAsync(charge.Policy, charge.Partition);
        return new PartitionView(
            charge.Policy.Name,
            charge.Partition,
            PartitionNames.TierOf(charge.Partition),
            decision.Source,
            decision.BlockedFor > TimeSpan.Zero ? decision.BlockedFor.TotalSeconds : null,
            [.. decision.Buckets.Select(View)]);
    }

    private BucketView View(BucketStatus status) => new(
        status.Bucket.Name, status.Bucket.Capacity, status.Remaining, status.FullAfter.TotalSeconds,
        time.GetUtcNow() + status.FullAfter, status.Bucket.Shadow);

    /// <summary>The buckets of one partition of one policy.</summary>
    /// <param name="Policy">The policy.</param>
    /// <param name="Partition">The partition.</param>
    /// <param name="Tier">The tier whose clients at this address share the buckets; null for other partitions.</param>
    /// <param name="Source">Store, or DenyCache for a cached denial. Any other source means that Redis did not answer and that the numbers
    /// are this replica's local ones.</param>
    /// <param name="BlockedForSeconds">Seconds until an operator's block ends; null when there is none.</param>
    /// <param name="Buckets">Every bucket.</param>
    internal sealed record PartitionView(
        string Policy, string Partition, string? Tier, DecisionSource Source, double? BlockedForSeconds, BucketView[] Buckets);

    /// <summary>The current state of one bucket.</summary>
    internal sealed record BucketView(
        string Name, long Capacity, long Remaining, double FullAfterSeconds, DateTimeOffset FullAt, bool Shadow);
}
