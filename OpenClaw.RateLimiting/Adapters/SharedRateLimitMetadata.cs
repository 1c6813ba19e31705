using System.Threading.RateLimiting;

namespace OpenClaw.RateLimiting.Adapters;

/// <summary>What leases of a <see cref="SharedRateLimiter"/> tell beyond <see cref="MetadataName.RetryAfter"/> and <see cref="MetadataName.ReasonPhrase"/>.</summary>
public static class SharedRateLimitMetadata
{
    /// <summary>The decision behind the lease, with every bucket.</summary>
    public static MetadataName<RateLimitDecision> Decision { get; } = new("OPENCLAW_DECISION");
}
