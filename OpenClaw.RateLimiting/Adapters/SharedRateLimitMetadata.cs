using System.Threading.RateLimiting;

namespace OpenClaw.RateLimiting.Adapters;

/// <summary>Metadata of leases of a <see cref="SharedRateLimiter"/>, besides <see cref="MetadataName.RetryAfter"/> and <see
/// cref="MetadataName.ReasonPhrase"/>.</summary>
public static class SharedRateLimitMetadata
{
    /// <summary>The decision behind the lease, with all buckets.</summary>
    public static MetadataName<RateLimitDecision> Decision { get; } = new("OPENCLAW_DECISION");
}
