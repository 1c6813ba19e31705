namespace OpenClaw.Console.Edge.Model;

/// <summary>A policy in force: <c>GET /policies</c>.</summary>
public sealed record Policy(
    string Name, string PartitionBy, string FailureMode, bool IsAddressPolicy, IReadOnlyList<Policy.Bucket> Buckets,
    IReadOnlyDictionary<string, IReadOnlyList<Policy.Bucket>> Tiers, Policy.CostRules Cost, string? Source)
{
    /// <summary>A bucket's numbers.</summary>
    public sealed record Bucket(string Name, long Capacity, long RefillTokens, TimeSpan RefillPeriod, bool Shadow);

    /// <summary>The cost of requests.</summary>
    public sealed record CostRules(
        long Default, IReadOnlyDictionary<string, long>? Methods, IReadOnlyDictionary<string, long>? Routes, string? ResponseHeader);
}
