namespace OpenClaw.Console.Edge.Model;

/// <summary>Decision about a hypothetical request.</summary>
public sealed record TrialResult(
    bool Allowed, string Result, long Cost, double? RetryAfterSeconds, IReadOnlyList<TrialResult.Bucket> Buckets)
{
    /// <summary>A bucket that would be charged.</summary>
    public sealed record Bucket(string Policy, string Name, long Capacity, long Remaining, long Cost, bool Lacks, bool Shadow);
}
