using System.Collections.Concurrent;
using System.Text;

namespace OpenClaw.RateLimiting.AspNetCore.Headers;

/// <summary>Caches values of <c>RateLimit-Policy</c> and <c>RateLimit</c> for policies that are shown together.</summary>
internal sealed class RateLimitHeaderCache
{
    private const int CachedStates = 256;

    /// <summary>Largest number of cached policy fields that begin with an address policy. Others are built for each response.</summary>
    private const int MaxWithAddress = 256;

    private readonly RateLimitPolicy[] _policies;
    private readonly bool _hasOneVisible;

    // Created on demand, since most policies never refuse a request.
    private string?[]? _states;
    private ConcurrentDictionary<RateLimitHeaderCache, string>? _withAddress;

    /// <param name="policies">1 to 4 policies.</param>
    public RateLimitHeaderCache(params RateLimitPolicy[] policies)
    {
        _policies = policies;
        StringBuilder field = new();
        int visible = 0;
        foreach (TokenBucket bucket in policies.SelectMany(policy => policy.Buckets))
        {
            if (!bucket.Shadow)
            {
                RateLimitHeadersDraft11.AppendPolicy(field, bucket);
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
    public string PolicyFieldAfter(RateLimitHeaderCache address)
    {
        ConcurrentDictionary<RateLimitHeaderCache, string> cached = _withAddress
            ?? Interlocked.CompareExchange(ref _withAddress, new ConcurrentDictionary<RateLimitHeaderCache, string>(), null)
            ?? _withAddress;
        if (cached.TryGetValue(address, out string? field))
        {
            return field;
        }

        field = $"{address.PolicyField}, {PolicyField}".Trim(',', ' ');
        return cached.Count < MaxWithAddress ? cached.GetOrAdd(address, field) : field;
    }

    /// <summary>The cached state of policies with one visible bucket and a second or less until the next token, which is the usual case;
    /// null for others.</summary>
    public string? CachedState(in BucketStatus status, long untilMore)
    {
        if (!_hasOneVisible || untilMore != 1 || status.Remaining >= CachedStates || !Shows(status.Policy))
        {
            return null;
        }

        string?[] states = _states ??= new string?[CachedStates];
        ref string? cached = ref states[status.Remaining];
        if (cached is null)
        {
            Span<char> item = stackalloc char[RateLimitHeadersDraft11.MaxItemLength];
            cached = new string(item[..RateLimitHeadersDraft11.WriteState(item, status.Bucket.Name, status.Remaining, untilMore)]);
        }

        return cached;
    }

    private bool Shows(RateLimitPolicy policy)
    {
        foreach (RateLimitPolicy shown in _policies)
        {
            if (shown.Name == policy.Name)
            {
                return true;
            }
        }

        return false;
    }
}
