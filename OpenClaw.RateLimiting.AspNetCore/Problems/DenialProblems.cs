using System.Collections.Concurrent;
using System.Net;

namespace OpenClaw.RateLimiting.AspNetCore.Problems;

/// <summary>The problems of denied decisions: 429 for a used-up quota or a blocked client, 503 for a policy that fails closed. Caches
/// problems by the buckets that refused.</summary>
/// <param name="policies">1 to 4 policies that are shown together. Cached problems are identified by the positions of their buckets in this
/// list, and every policy outside the list by one further position: use an instance with at most one address policy.</param>
internal sealed class DenialProblems(params RateLimitPolicy[] policies)
{
    private const int MaxCached = 256;

    private const ulong CannotSucceed = 1ul << 63;

    private static readonly Problem ReducedCapacity = new(
        HttpStatusCode.ServiceUnavailable, Problem.Types + "temporary-reduced-capacity", "Service Unavailable",
        "The rate limiter cannot decide at the moment.", GrpcStatus.Unavailable, "unavailable");

    private static readonly Problem Blocked = new(
        HttpStatusCode.TooManyRequests, Problem.Types + "abnormal-usage-detected", "Too Many Requests",
        "Requests of this client are blocked for a time.", GrpcStatus.ResourceExhausted, "blocked");

    private readonly ConcurrentDictionary<ulong, Problem> _byBuckets = new();

    /// <summary>The problem of a denied decision. For a used-up quota, it names the enforcing buckets with too few tokens.</summary>
    public Problem Of(in RateLimitDecision decision)
    {
        if (decision.Source == DecisionSource.Closed)
        {
            return ReducedCapacity;
        }

        if (decision.BlockedFor > TimeSpan.Zero)
        {
            return Blocked;
        }

        ulong buckets = InsufficientBuckets(decision);
        if (_byBuckets.TryGetValue(buckets, out Problem? cached))
        {
            return cached;
        }

        Problem problem = QuotaExceeded(decision);
        return _byBuckets.Count < MaxCached ? _byBuckets.GetOrAdd(buckets, problem) : problem;
    }

    private static Problem QuotaExceeded(in RateLimitDecision decision) => new(
        HttpStatusCode.TooManyRequests, Problem.Types + "quota-exceeded", "Too Many Requests",
        decision.RetryAfter == Timeout.InfiniteTimeSpan
            ? "The request costs more than the quota can ever hold; it cannot succeed later either."
            : "The quota is used up; see Retry-After.",
        GrpcStatus.ResourceExhausted, "limited",
        [.. decision.Buckets.Where(status => status.IsInsufficient && !status.Bucket.Shadow).Select(status => status.Bucket.Name)]);

    private ulong InsufficientBuckets(in RateLimitDecision decision)
    {
        ulong insufficient = decision.RetryAfter == Timeout.InfiniteTimeSpan ? CannotSucceed : 0;
        int position = 0;
        for (int i = 0; i < decision.Buckets.Length; i++)
        {
            BucketStatus status = decision.Buckets[i];
            position = i > 0 && status.Policy == decision.Buckets[i - 1].Policy ? position + 1 : 0;
            if (status.IsInsufficient && !status.Bucket.Shadow)
            {
                insufficient |= 1ul << ((IndexOf(status.Policy) * RateLimitPolicy.MaxBuckets) + position);
            }
        }

        return insufficient;
    }

    // For a policy outside the list, which is the address policy, the length of the list.
    private int IndexOf(RateLimitPolicy policy)
    {
        int index = 0;
        while (index < policies.Length && policies[index].Name != policy.Name)
        {
            index++;
        }

        return index;
    }
}
