using System.Text.Json.Serialization;

namespace OpenClaw.Console.Edge.Model;

/// <summary>The buckets of one partition of one policy: <c>GET /buckets</c>.</summary>
/// <param name="Source">Store; otherwise Redis did not answer, and the numbers are one replica's own.</param>
public sealed record Partition(
    string Policy, [property: JsonPropertyName("partition")] string Key, string Source, double? BlockedForSeconds,
    IReadOnlyList<Partition.Bucket> Buckets)
{
    /// <summary>One bucket now.</summary>
    public sealed record Bucket(
        string Name, long Capacity, long Remaining, double FullAfterSeconds, DateTimeOffset FullAt, bool Shadow);
}
