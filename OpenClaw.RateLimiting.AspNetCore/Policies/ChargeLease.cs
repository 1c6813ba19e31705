using System.Threading.RateLimiting;
using OpenClaw.RateLimiting.Adapters;

namespace OpenClaw.RateLimiting.AspNetCore.Policies;

/// <summary>Lease of a decision. Tokens return with time, not with the lease: disposing it does nothing.</summary>
internal sealed class ChargeLease(RateLimitDecision? decision, PolicyResponses? responses) : RateLimitLease
{
    private static readonly string[] Names = [MetadataName.RetryAfter.Name, SharedRateLimitMetadata.Decision.Name];

    /// <summary>Lease of the synchronous path, which does not decide.</summary>
    public static ChargeLease Undecided { get; } = new(null, null);

    public RateLimitDecision? Decision => decision;

    public PolicyResponses? Responses => responses;

    public override bool IsAcquired => decision is { IsAllowed: true };

    public override IEnumerable<string> MetadataNames => Names;

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = null;
        if (metadataName == SharedRateLimitMetadata.Decision.Name)
        {
            metadata = decision;
        }
        else if (metadataName == MetadataName.RetryAfter.Name)
        {
            // An infinite wait is not reported: retrying does not help.
            metadata = decision is { IsAllowed: false } denied && denied.RetryAfter > TimeSpan.Zero ? denied.RetryAfter : null;
        }

        return metadata is not null;
    }
}
