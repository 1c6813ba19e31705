using System.Collections.Immutable;

namespace OpenClaw.RateLimiting;

/// <summary>The answer to one request. Immutable; a cached denial may be shared by many requests.</summary>
public sealed class RateLimitDecision
{
    /// <summary>Whether the request may go on.</summary>
    public required bool IsAllowed { get; init; }

    /// <summary>Where the decision was made.</summary>
    public required DecisionSource Source { get; init; }

    /// <summary>Every bucket of every charge, in order. Empty for <see cref="DecisionSource.Open"/> and <see cref="DecisionSource.Closed"/>.</summary>
    public required ImmutableArray<BucketStatus> Buckets { get; init; }

    /// <summary>Index in <see cref="Buckets"/> of the first enforcing bucket that refused; -1 when none did.</summary>
    public int RefusedBy { get; init; } = -1;

    /// <summary>The partition is blocked by an operator until this much time has passed; zero when it is not.</summary>
    public TimeSpan BlockedFor { get; init; }

    /// <summary>Time after which the same request can succeed, if nobody else takes the tokens. Zero when allowed,
    /// <see cref="Timeout.InfiniteTimeSpan"/> when the cost is above a bucket's capacity, so that it never can.</summary>
    public TimeSpan RetryAfter { get; init; }
}
