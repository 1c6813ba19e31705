using System.Collections.Concurrent;
using System.Text;
using OpenClaw.RateLimiting.AspNetCore.Problems;

namespace OpenClaw.RateLimiting.AspNetCore.Headers;

/// <summary>Caches what responses under some policies contain: the policy field, bucket states, and problems by the buckets that refused.
/// Use one for each set of policies with a fixed address policy, or few: a bucket's position stands for its name.</summary>
internal sealed class PolicyResponseCache
{
    private const int CachedStates = 256;

    /// <summary>Most cached problems, and most cached policy fields with an address policy in front. Others are made for each
    /// response.</summary>
    private const int MaxKept = 256;

    private const ulong Never = 1ul << 63;

    private readonly RateLimitPolicy[] _policies;
    private readonly bool _hasOneVisible;

    // Created on demand: under most policies no request is refused.
    private string?[]? _states;
    private ConcurrentDictionary<ulong, Problem>? _problems;
    private ConcurrentDictionary<PolicyResponseCache, string>? _withAddress;

    /// <summary>A cache for policies that are shown together.</summary>
    /// <param name="policies">1 to 4 policies.</param>
    public PolicyResponseCache(params RateLimitPolicy[] policies)
    {
        _policies = policies;
        StringBuilder field = new();
        int visible = 0;
        foreach (TokenBucket bucket in policies.SelectMany(policy => policy.Buckets))
        {
            if (!bucket.Shadow)
            {
                RateLimitDraft11.AppendPolicy(field, bucket);
                visible++;
            }
        }

        PolicyField = field.ToString();
        _hasOneVisible = visible == 1;
    }

    /// <summary>The first policy.</summary>
    public RateLimitPolicy Policy => _policies[0];

    /// <summary>The value of <c>RateLimit-Policy</c>; empty when every bucket is a shadow, since shadows are not shown to
    /// clients.</summary>
    public string PolicyField { get; }

    /// <summary>The same, preceded by the address policy's field.</summary>
    public string PolicyFieldAfter(PolicyResponseCache address)
    {
        ConcurrentDictionary<PolicyResponseCache, string> kept = Ensure(ref _withAddress);
        return kept.TryGetValue(address, out string? field)
            ? field
            : Keep(kept, address, $"{address.PolicyField}, {PolicyField}".Trim(',', ' '));
    }

    /// <summary>The cached state of policies with one visible bucket and a second or less until the next token, which is the usual case;
    /// null for others.</summary>
    public string? CachedState(in BucketStatus status, long untilMore)
    {
        if (!_hasOneVisible || untilMore != 1 || status.Remaining >= CachedStates || IndexOf(status.Policy) == _policies.Length)
        {
            return null;
        }

        string?[] states = _states ??= new string?[CachedStates];
        ref string? cached = ref states[status.Remaining];
        if (cached is null)
        {
            Span<char> item = stackalloc char[RateLimitDraft11.MaxItemLength];
            cached = new string(item[..RateLimitDraft11.WriteState(item, status.Bucket.Name, status.Remaining, untilMore)]);
        }

        return cached;
    }

    /// <summary>The problem that names the enforcing buckets with too few tokens.</summary>
    public Problem ProblemOf(in RateLimitDecision decision)
    {
        ulong lacking = 0;
        int position = 0;
        for (int i = 0; i < decision.Buckets.Length; i++)
        {
            BucketStatus status = decision.Buckets[i];
            position = i > 0 && status.Policy == decision.Buckets[i - 1].Policy ? position + 1 : 0;
            if (status.IsInsufficient && !status.Bucket.Shadow)
            {
                lacking |= 1ul << ((IndexOf(status.Policy) * RateLimitPolicy.MaxBuckets) + position);
            }
        }

        if (decision.RetryAfter == Timeout.InfiniteTimeSpan)
        {
            lacking |= Never;
        }

        ConcurrentDictionary<ulong, Problem> kept = Ensure(ref _problems);
        return kept.TryGetValue(lacking, out Problem? problem) ? problem : Keep(kept, lacking, Make(decision));
    }

    // The number of policies for another one, which is the address policy.
    private int IndexOf(RateLimitPolicy policy)
    {
        int index = 0;
        while (index < _policies.Length && _policies[index].Name != policy.Name)
        {
            index++;
        }

        return index;
    }

    private static ConcurrentDictionary<TKey, TValue> Ensure<TKey, TValue>(
        ref ConcurrentDictionary<TKey, TValue>? field) where TKey : notnull =>
        field ?? Interlocked.CompareExchange(ref field, new ConcurrentDictionary<TKey, TValue>(), null) ?? field;

    private static TValue Keep<TKey, TValue>(ConcurrentDictionary<TKey, TValue> kept, TKey key, TValue value) where TKey : notnull =>
        kept.Count < MaxKept ? kept.GetOrAdd(key, value) : value;

    private static Problem Make(in RateLimitDecision decision)
    {
        string[] names =
        [
            .. decision.Buckets.Where(status => status.IsInsufficient && !status.Bucket.Shadow).Select(status => status.Bucket.Name),
        ];
        return decision.RetryAfter == Timeout.InfiniteTimeSpan ? Problem.CostAboveCapacity(names) : Problem.QuotaExceeded(names);
    }
}
