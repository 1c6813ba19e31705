using System.Threading.RateLimiting;

namespace OpenClaw.RateLimiting.Adapters;

/// <summary>Makes the shared limiter usable wherever the framework takes partitions.</summary>
public static class SharedRateLimitPartition
{
    /// <summary>A partition for <c>AddPolicy</c> or <c>GlobalLimiter</c> of the ASP.NET Core middleware, or for <see cref="PartitionedRateLimiter.Create"/>.</summary>
    /// <remarks>Partitions are kept apart by policy as well: one client under two policies has two limiters, and a policy whose numbers
    /// change takes effect with the next
    /// request, however busy the partition is.
    /// The middleware tries a global limiter synchronously before the endpoint's. When a shared limiter on the endpoint then defers to the
    /// asynchronous way, the
    /// global one is asked again: a built-in global token bucket or window is charged twice. Use a shared or a concurrency limiter globally, or chain the others behind a shared one.</remarks>
    public static RateLimitPartition<string> Get(ITokenBucketLimiter limiter, RateLimitPolicy policy, string partition)
    {
        ArgumentNullException.ThrowIfNull(limiter);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentException.ThrowIfNullOrEmpty(partition);

        // The runtime keeps one limiter per key for as long as the key is busy.
        string key = string.Concat(policy.Fingerprint, "\n", partition);
        return RateLimitPartition.Get(key, _ => new SharedRateLimiter(limiter, policy, partition));
    }

    /// <summary>A limiter for many partitions of one policy.</summary>
    /// <param name="limiter">What decides.</param>
    /// <param name="policy">The buckets to charge.</param>
    /// <param name="partitionOf">Whose buckets a resource is charged to: 1 to 256 characters.</param>
    public static PartitionedRateLimiter<TResource> CreateLimiter<TResource>(ITokenBucketLimiter limiter, RateLimitPolicy policy, Func<TResource, string> partitionOf)
    {
        ArgumentNullException.ThrowIfNull(limiter);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(partitionOf);
        return PartitionedRateLimiter.Create<TResource, string>(resource => Get(limiter, policy, partitionOf(resource)), StringComparer.Ordinal);
    }
}
