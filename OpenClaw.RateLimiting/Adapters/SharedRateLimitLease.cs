using System.Threading.RateLimiting;

namespace OpenClaw.RateLimiting.Adapters;

/// <summary>Lease of a <see cref="SharedRateLimiter"/>. Tokens return with time, not with the lease: disposing it does nothing.</summary>
internal sealed class SharedRateLimitLease : RateLimitLease
{
    private static readonly string[] Names =
        [MetadataName.RetryAfter.Name, MetadataName.ReasonPhrase.Name, SharedRateLimitMetadata.Decision.Name];

    private readonly RateLimitDecision? _decision;
    private readonly string? _reason;

    public SharedRateLimitLease(bool isAcquired, in RateLimitDecision decision)
    {
        IsAcquired = isAcquired;
        _decision = decision;
        _reason = isAcquired ? null : Reason(decision);
    }

    private SharedRateLimitLease(bool isAcquired, string? reason)
    {
        IsAcquired = isAcquired;
        _reason = reason;
    }

    /// <summary>Lease for zero permits while permits are available.</summary>
    public static SharedRateLimitLease Acquired { get; } = new(true, null);

    /// <summary>Lease of the synchronous path, which does not decide.</summary>
    public static SharedRateLimitLease Undecided { get; } = new(false, "Only AcquireAsync decides: the buckets are in Redis.");

    /// <inheritdoc/>
    public override bool IsAcquired { get; }

    /// <inheritdoc/>
    public override IEnumerable<string> MetadataNames => Names;

    /// <inheritdoc/>
    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = null;
        if (metadataName == MetadataName.RetryAfter.Name)
        {
            // An infinite wait is not reported: retrying does not help.
            metadata = !IsAcquired && _decision is { } denied && denied.RetryAfter > TimeSpan.Zero ? denied.RetryAfter : null;
        }
        else if (metadataName == MetadataName.ReasonPhrase.Name)
        {
            metadata = _reason;
        }
        else if (metadataName == SharedRateLimitMetadata.Decision.Name)
        {
            metadata = _decision;
        }

        return metadata is not null;
    }

    private static string Reason(in RateLimitDecision decision)
        => decision.BlockedFor > TimeSpan.Zero ? "The partition is blocked."
            : decision.RetryAfter == Timeout.InfiniteTimeSpan ? $"Bucket '{TooSmall(decision.Buckets)}' never holds that many tokens."
            : decision.RefusedBy is { } index ? $"Bucket '{decision.Buckets[index].Bucket.Name}' has too few tokens."
            : decision.Source == DecisionSource.Closed ? "Redis does not decide, and the policy fails closed."
            : "No tokens are left.";

    // The first bucket with too few tokens may only be drained, so look for the one whose capacity is too small.
    private static string TooSmall(BucketStatusList buckets)
        => buckets.First(bucket => !bucket.Bucket.Shadow && bucket.RetryAfter == Timeout.InfiniteTimeSpan).Bucket.Name;
}
