using OpenClaw.RateLimiting;
using OpenClaw.RateLimiting.AspNetCore.Headers;
using OpenClaw.RateLimiting.AspNetCore.Problems;

namespace OpenClaw.Edge.Policies;

/// <summary>A policy's limits for one tier, or for clients without a tier. Made by the policy compiler; read for each request to that
/// policy.</summary>
/// <param name="limits">The buckets and the failure mode.</param>
/// <param name="thresholds">By bucket, percent used at which a client gets an event, the highest first; null for the default.</param>
internal sealed class PolicyVariant(RateLimitPolicy limits, IReadOnlyList<int[]?> thresholds)
{
    /// <summary>The buckets and the failure mode, as the limiter takes them.</summary>
    public RateLimitPolicy Limits { get; } = limits;

    /// <summary>By bucket, percent used at which a client gets an event, the highest first; null for the default.</summary>
    public IReadOnlyList<int[]?> Thresholds { get; } = thresholds;

    /// <summary>Cached rate limit fields of responses under this variant.</summary>
    public RateLimitHeaderCache Fields => field ?? Interlocked.CompareExchange(ref field, new RateLimitHeaderCache(Limits), null) ?? field;

    /// <summary>Cached problems of responses under this variant.</summary>
    public DenialProblems Problems => field ?? Interlocked.CompareExchange(ref field, new DenialProblems(Limits), null) ?? field;

    /// <summary>Whether at least one bucket only reports and never refuses.</summary>
    public bool HasShadows { get; } = limits.Buckets.Any(bucket => bucket.Shadow);

    /// <summary>Whether the other variant has the same limits and thresholds.</summary>
    public bool HasSameValues(PolicyVariant other) =>
        Limits.HasSameLimits(other.Limits) && Thresholds.Zip(other.Thresholds).All(
            pair => ReferenceEquals(pair.First, pair.Second) || (pair is ({ } own, { } others) && own.SequenceEqual(others)));
}
