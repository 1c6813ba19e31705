using System.Text.Json.Serialization;

namespace OpenClaw.Console.Edge.Model;

/// <summary>The buckets of one partition of one policy: <c>GET /buckets</c>.</summary>
/// <param name="Tier">The tier whose clients at the address share the buckets; null for other partitions.</param>
/// <param name="Source">Store, or DenyCache for a cached denial; otherwise Redis did not answer.</param>
public sealed record Partition(
    string Policy, [property: JsonPropertyName("partition")] string Key, string? Tier, string Source,
    double? BlockedForSeconds, IReadOnlyList<Partition.Bucket> Buckets)
{
    /// <summary>Whether Redis did not answer and the numbers are from one replica only.</summary>
    public bool IsOfOneReplica => Source is not ("Store" or "DenyCache");

    /// <summary>Current state of one bucket.</summary>
    public sealed record Bucket(
        string Name, long Capacity, long Remaining, double FullAfterSeconds, DateTimeOffset FullAt, bool Shadow);
}
