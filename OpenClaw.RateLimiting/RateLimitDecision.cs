namespace OpenClaw.RateLimiting;

/// <summary>Decision about one request. Times count from the moment it was made. A denial from the deny cache allocates nothing.</summary>
public readonly struct RateLimitDecision
{
    /// <summary>Whether the request is allowed.</summary>
    public required bool IsAllowed { get; init; }

    /// <summary>Where the decision was made.</summary>
    public required DecisionSource Source { get; init; }

    /// <summary>Buckets of every charge, in order. A denial from <see cref="DecisionSource.DenyCache"/> lists the buckets of the first
    /// denied charge. Empty for <see cref="DecisionSource.Open"/> and <see cref="DecisionSource.Closed"/>.</summary>
    public required BucketStatusList Buckets { get; init; }

    /// <summary>Index in <see cref="Buckets"/> of the first enforcing bucket with too few tokens; null if there is none.</summary>
    public int? RefusedBy { get; init; }

    /// <summary>Remaining time of a block by an operator; zero if the partition is not blocked.</summary>
    public TimeSpan BlockedFor { get; init; }

    /// <summary>Time after which the same request can succeed, if nothing else takes the tokens. Zero if the request is allowed, <see
    /// cref="Timeout.InfiniteTimeSpan"/> if the cost is above the capacity of a bucket. 1 s if only Redis could grant the request, such as
    /// a cost above a local share or a policy that fails closed: the end of the outage is unknown.</summary>
    public TimeSpan RetryAfter { get; init; }
}
