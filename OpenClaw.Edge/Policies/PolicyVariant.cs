using OpenClaw.RateLimiting;
using OpenClaw.RateLimiting.AspNetCore.Headers;

namespace OpenClaw.Edge.Policies;

/// <summary>A policy's limits for one tier, or for clients without a tier. Made by the policy compiler; read for each request to that
/// policy, and by the responses as the key of what they cache for it.</summary>
internal sealed class PolicyVariant(RateLimitPolicy limits)
{
    /// <summary>The buckets and the failure mode, as the limiter takes them.</summary>
    public RateLimitPolicy Limits { get; } = limits;

    /// <summary>Caches what responses to requests under this variant contain, for as long as the rules live.</summary>
    public PolicyResponseCache Responses => field ?? Interlocked.CompareExchange(ref field, new PolicyResponseCache(Limits), null) ?? field;

    /// <summary>Whether at least one bucket only reports and never refuses.</summary>
    public bool HasShadows { get; } = limits.Buckets.Any(bucket => bucket.Shadow);
}
