using System.Collections.Concurrent;
using System.Text;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Answers;

/// <summary>What answers under one policy say, made once: the policy field, and the refusals by which buckets refused. Belongs to one version of the rules, in which
/// a bucket's place stands for its name, and which has few address policies.</summary>
internal sealed class PolicyTexts
{
    private const int CachedStates = 256;
    private const uint Never = 1u << 31;

    private readonly string?[]? _states;
    private readonly RateLimitPolicy _policy;
    private readonly ConcurrentDictionary<uint, Refusal> _refusals = new();
    private readonly ConcurrentDictionary<PolicyTexts, string> _withAddress = new();

    public PolicyTexts(RateLimitPolicy policy)
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
        if (visible == 1)
        {
            _states = new string?[CachedStates];
        }
    }

    /// <summary>The value of <c>RateLimit-Policy</c>; empty when every bucket is a shadow, which clients do not hear of.</summary>
    public string PolicyField { get; }

    /// <summary>The same, after the address policy's.</summary>
    public string PolicyFieldAfter(PolicyTexts address) =>
        _withAddress.GetOrAdd(address, static (address, own) => $"{address.PolicyField}, {own.PolicyField}".Trim(',', ' '), this);

    /// <summary>The state of a policy with one visible bucket, which is nearly every policy, nearly always with a second or less to go.</summary>
    public string? CachedState(in BucketStatus status, long untilMore)
    {
        if (_states is null || untilMore != 1 || status.Remaining >= CachedStates || status.Policy.Name != _policy.Name)
        {
            return null;
        }

        ref string? cached = ref _states[status.Remaining];
        if (cached is null)
        {
            Span<char> item = stackalloc char[RateLimitDraft11.MaxItemLength];
            cached = new string(item[..RateLimitDraft11.WriteState(item, status.Bucket.Name, status.Remaining, untilMore)]);
        }

        return cached;
    }

    /// <summary>The refusal by the enforcing buckets that could not pay.</summary>
    public Refusal RefusalOf(in RateLimitDecision decision)
    {
        uint lacking = 0;
        int position = 0;
        for (int i = 0; i < decision.Buckets.Length; i++)
        {
            BucketStatus status = decision.Buckets[i];
            position = i > 0 && status.Policy == decision.Buckets[i - 1].Policy ? position + 1 : 0;
            if (status.Lacks && !status.Bucket.Shadow)
            {
                lacking |= 1u << (status.Policy.Name == _policy.Name ? position : position + RateLimitPolicy.MaxBuckets);
            }
        }

        if (decision.RetryAfter == Timeout.InfiniteTimeSpan)
        {
            lacking |= Never;
        }

        return _refusals.TryGetValue(lacking, out Refusal? refusal) ? refusal : _refusals.GetOrAdd(lacking, Make(decision));
    }

    private static Refusal Make(in RateLimitDecision decision)
    {
        string[] names = [.. decision.Buckets.Where(status => status.Lacks && !status.Bucket.Shadow).Select(status => status.Bucket.Name)];
        return decision.RetryAfter == Timeout.InfiniteTimeSpan ? Refusal.CostAboveCapacity(names) : Refusal.QuotaExceeded(names);
    }
}
