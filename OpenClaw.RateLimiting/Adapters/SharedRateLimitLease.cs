using System.Threading.RateLimiting;

namespace OpenClaw.RateLimiting.Adapters;

/// <summary>The answer of a <see cref="SharedRateLimiter"/>. Tokens come back with time, not with the lease: disposing it does nothing.</summary>
internal sealed class SharedRateLimitLease : RateLimitLease
{
    private static readonly string[] Names = [MetadataName.RetryAfter.Name, MetadataName.ReasonPhrase.Name, SharedRateLimitMetadata.Decision.Name];

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

    /// <summary>Nothing was asked for, and there is something.</summary>
    public static SharedRateLimitLease Acquired { get; } = new(true, null);

    /// <summary>The synchronous way does not decide.</summary>
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
            // Never is no time to wait for.
            metadata = !IsAcquired && _decision is { } refused && refused.RetryAfter > TimeSpan.Zero ? refused.RetryAfter : null;
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
            : decision.Source == DecisionSource.Closed ? "The limiter is out of reach and its policy fails closed."
            : "No tokens are left.";

    // Not always the first that lacks: that one may only be drained.
    private static string TooSmall(BucketStatusList buckets)
        => buckets.First(bucket => !bucket.Bucket.Shadow && bucket.RetryAfter == Timeout.InfiniteTimeSpan).Bucket.Name;
}
