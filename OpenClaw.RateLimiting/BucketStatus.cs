namespace OpenClaw.RateLimiting;

/// <summary>One bucket as a decision left it.</summary>
/// <param name="Policy">The policy the bucket belongs to.</param>
/// <param name="Bucket">The bucket's numbers.</param>
/// <param name="Remaining">Whole tokens left after the decision.</param>
/// <param name="RetryAfter">Time until the bucket can pay the cost that was asked for; zero when it can now,
/// <see cref="Timeout.InfiniteTimeSpan"/> when the cost is above its capacity.</param>
/// <param name="FullAfter">Time until the bucket is full again.</param>
/// <param name="Lacks">The bucket could not pay: it refused the request, or would have, were it no shadow.</param>
public readonly record struct BucketStatus(
    RateLimitPolicy Policy, TokenBucket Bucket, long Remaining, TimeSpan RetryAfter, TimeSpan FullAfter, bool Lacks);
