namespace OpenClaw.RateLimiting;

/// <summary>The answer to one request, with times as of the moment it was given. A denial answered from memory allocates nothing.</summary>
public readonly struct RateLimitDecision
{
    /// <summary>Whether the request may go on.</summary>
    public required bool IsAllowed { get; init; }

    /// <summary>Where the decision was made.</summary>
    public required DecisionSource Source { get; init; }

    /// <summary>Every bucket of every charge, in order. A denial from <see cref="DecisionSource.DenyCache"/> lists the buckets of the first charge that was refused.
    /// Empty for <see cref="DecisionSource.Open"/> and <see cref="DecisionSource.Closed"/>.</summary>
    public required BucketStatusList Buckets { get; init; }

    /// <summary>Index in <see cref="Buckets"/> of the first enforcing bucket that refused; null when none did.</summary>
    public int? RefusedBy { get; init; }

    /// <summary>The partition is blocked by an operator until this much time has passed; zero when it is not.</summary>
    public TimeSpan BlockedFor { get; init; }

    /// <summary>Time after which the same request can succeed, if nobody else takes the tokens. Zero when allowed,
    /// <see cref="Timeout.InfiniteTimeSpan"/> when the cost is above
    /// a bucket's capacity, so that it never can. Where only Redis could grant it, as with a cost above a local share or with
    /// <see cref="DecisionSource.Closed"/>, it is 1 s:
    /// nobody knows when Redis is back.</summary>
    public TimeSpan RetryAfter { get; init; }
}
