using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Options;

/// <summary>One policy, named by a route's <c>RateLimiterPolicy</c>.</summary>
internal sealed class PolicyOptions
{
    /// <summary>Whose buckets: <c>client</c> (default; without a known key the address), <c>address</c>, <c>route</c>, <c>global</c>, or
    /// <c>header:Name</c> (without that header the address).</summary>
    public string PartitionBy { get; set; } = "client";

    /// <summary>The limits, charged together, all or none. 1 to 8 by name.</summary>
    public Dictionary<string, BucketOptions> Buckets { get; set; } = [];

    /// <summary>What a request costs.</summary>
    public CostOptions Cost { get; set; } = new();

    /// <summary>What to answer while Redis cannot decide. Default <see cref="FailureMode.Local"/>.</summary>
    public FailureMode FailureMode { get; set; }

    /// <summary>Decides and counts but never refuses: as if every bucket were a shadow. Default false.</summary>
    public bool Shadow { get; set; }
}
