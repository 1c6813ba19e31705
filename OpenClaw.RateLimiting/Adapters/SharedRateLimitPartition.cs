using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.RateLimiting;

namespace OpenClaw.RateLimiting.Adapters;

/// <summary>Creates partitions and partitioned limiters of <c>System.Threading.RateLimiting</c> on a shared limiter.</summary>
public static class SharedRateLimitPartition
{
    private static readonly ConditionalWeakTable<IRateLimiterClient, string> Ids = [];
    private static long _lastId;

    /// <summary>A partition for <c>AddPolicy</c> or <c>GlobalLimiter</c> of the ASP.NET Core middleware, or for <see
    /// cref="PartitionedRateLimiter.Create"/>.</summary>
    /// <remarks>Partitions are separate for each limiter and policy: one client under two policies has two limiters, and a policy with
    /// new limits takes effect with the next request.
    /// The middleware first tries a global limiter synchronously, then the endpoint's. A shared limiter on the endpoint defers to the
    /// asynchronous path, and the global limiter is then asked again: a built-in global token bucket or window is charged twice. Use a
    /// shared or a concurrency limiter globally, or chain the others behind a shared one.</remarks>
    public static RateLimitPartition<string> Get(IRateLimiterClient limiter, RateLimitPolicy policy, string partition)
    {
        ArgumentNullException.ThrowIfNull(limiter);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentException.ThrowIfNullOrEmpty(partition);

        // The runtime keeps one limiter per key for as long as the key is in use.
        string key = string.Concat(IdOf(limiter), policy.Fingerprint, "\n", partition);
        return RateLimitPartition.Get(key, _ => new SharedRateLimiter(limiter, policy, partition));
    }

    /// <summary>A limiter for many partitions of one policy.</summary>
    /// <param name="limiter">Makes the decisions.</param>
    /// <param name="policy">Policy whose buckets are charged.</param>
    /// <param name="partitionOf">Partition that a resource is charged to: 1 to 256 characters.</param>
    public static PartitionedRateLimiter<TResource> CreateLimiter<TResource>(
        IRateLimiterClient limiter, RateLimitPolicy policy, Func<TResource, string> partitionOf)
    {
        ArgumentNullException.ThrowIfNull(limiter);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(partitionOf);
        return PartitionedRateLimiter.Create<TResource, string>(
            resource => Get(limiter, policy, partitionOf(resource)), StringComparer.Ordinal);
    }

    // Two limiters, such as one for each region, may share a policy.
    private static string IdOf(IRateLimiterClient limiter)
        => Ids.GetValue(limiter, static _ => Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture) + "\n");
}
