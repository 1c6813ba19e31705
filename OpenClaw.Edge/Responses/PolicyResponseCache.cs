using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using OpenClaw.Edge.Policies;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Responses;

/// <summary>Caches what responses under one policy variant contain: the policy field, bucket states, and refusals by the buckets that
/// refused. Lives as long as the variant, and so for one version of the rules: a bucket's position stands for its name, and there are few
/// address policies.</summary>
internal sealed class PolicyResponseCache
{
    private const int CachedStates = 256;

    /// <summary>Most cached refusals, and most cached policy fields with an address policy in front. Others are made for each
    /// response.</summary>
    private const int MaxKept = 256;

    private const uint Never = 1u << 31;

    private static readonly ConditionalWeakTable<PolicyVariant, PolicyResponseCache> Caches = [];

    private readonly RateLimitPolicy _policy;
    private readonly bool _hasOneVisible;

    // Created on demand: most variants never refuse a request.
    private string?[]? _states;
    private ConcurrentDictionary<uint, Refusal>? _refusals;
    private ConcurrentDictionary<PolicyResponseCache, string>? _withAddress;

    private PolicyResponseCache(RateLimitPolicy policy)
    {
        _policy = policy;
        StringBuilder field = new();
        int visible = 0;
        foreach (TokenBucket bucket in policy.Buckets)
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

    /// <summary>The cache of a variant, made when it is first needed.</summary>
    public static PolicyResponseCache Of(PolicyVariant variant) =>
        Caches.GetValue(variant, static key => new PolicyResponseCache(key.Limits));

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

    /// <summary>The cached state of a policy with one visible bucket and a second or less until the next token, which is the usual case;
    /// null for others.</summary>
    public string? CachedState(in BucketStatus status, long untilMore)
    {
        if (!_hasOneVisible || untilMore != 1 || status.Remaining >= CachedStates || status.Policy.Name != _policy.Name)
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

    /// <summary>The refusal that names the enforcing buckets with too few tokens.</summary>
    public Refusal RefusalOf(in RateLimitDecision decision)
    {
        uint lacking = 0;
        int position = 0;
        for (int i = 0; i < decision.Buckets.Length; i++)
        {
            BucketStatus status = decision.Buckets[i];
            position = i > 0 && status.Policy == decision.Buckets[i - 1].Policy ? position + 1 : 0;
            if (status.IsInsufficient && !status.Bucket.Shadow)
            {
                lacking |= 1u << (status.Policy.Name == _policy.Name ? position : position + RateLimitPolicy.MaxBuckets);
            }
        }

        if (decision.RetryAfter == Timeout.InfiniteTimeSpan)
        {
            lacking |= Never;
        }

        ConcurrentDictionary<uint, Refusal> kept = Ensure(ref _refusals);
        return kept.TryGetValue(lacking, out Refusal? refusal) ? refusal : Keep(kept, lacking, Make(decision));
    }

    private static ConcurrentDictionary<TKey, TValue> Ensure<TKey, TValue>(
        ref ConcurrentDictionary<TKey, TValue>? field) where TKey : notnull =>
        field ?? Interlocked.CompareExchange(ref field, new ConcurrentDictionary<TKey, TValue>(), null) ?? field;

    private static TValue Keep<TKey, TValue>(ConcurrentDictionary<TKey, TValue> kept, TKey key, TValue value) where TKey : notnull =>
        kept.Count < MaxKept ? kept.GetOrAdd(key, value) : value;

    private static Refusal Make(in RateLimitDecision decision)
    {
        string[] names = [.. decision.Buckets.Where(status => status.IsInsufficient && !status.Bucket.Shadow).Select(status => status.Bucket.Name)];
        return decision.RetryAfter == Timeout.InfiniteTimeSpan ? Refusal.CostAboveCapacity(names) : Refusal.QuotaExceeded(names);
    }
}
