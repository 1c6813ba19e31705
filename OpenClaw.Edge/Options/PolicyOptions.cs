using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Options;

/// <summary>A policy as configuration and rules documents state it; routes name it in <c>RateLimiterPolicy</c>. Made by the settings
/// binder, read by the policy compiler.</summary>
internal sealed class PolicyOptions
{
    /// <summary>Kind of partition that has its own buckets: <c>client</c> (default; without a known key the address), <c>address</c>,
    /// <c>route</c>, <c>global</c>, or <c>header:Name</c> (without that header the address).</summary>
    public string PartitionBy { get; set; } = "client";

    /// <summary>The buckets by name, 1 to 8. A request is charged to all of them or to none.</summary>
    public Dictionary<string, BucketOptions> Buckets { get; set; } = [];

    /// <summary>The cost of requests.</summary>
    public CostOptions Cost { get; set; } = new();

    /// <summary>How to decide while Redis does not answer. Default <see cref="FailureMode.Local"/>.</summary>
    public FailureMode FailureMode { get; set; }

    /// <summary>Shadow mode: the policy counts refusals but never refuses, as if every bucket were a shadow. Default false.</summary>
    public bool Shadow { get; set; }

    /// <summary>Event thresholds of this policy.</summary>
    public PolicyEventOptions Events { get; set; } = new();
}
