using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.DenyCaching;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Memory;

namespace OpenClaw.RateLimiting.Tests.DenyCaching;

/// <summary>A limiter with a deny cache, in memory, on a fake clock.</summary>
public abstract class DenyCacheTestBase
{
    private protected static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);
    private protected static readonly RateLimitPolicy Policy = new("p", [new TokenBucket("burst", 2, 1, TimeSpan.FromSeconds(1))]);

    private protected readonly FakeTimeProvider _time = new();
    private protected readonly DenyCache _cache;
    private protected readonly RateLimiterClient _limiter;

    protected DenyCacheTestBase()
    {
        _cache = new DenyCache(1000, _time);
        _cache.Enable();
        _limiter = NewLimiter();
    }

    private protected ValueTask<RateLimitDecision> AskAsync(long cost = 1) => _limiter.DecideAsync([new Charge(Policy, "a", cost)]);

    private protected RateLimiterClient NewLimiter(
        RateLimiting.Batching.IDecisionStore? store = null, DenyCache? cache = null, TimeProvider? time = null)
        => new(store ?? new MemoryDecisionStore(_time), new RedisRateLimiterOptions { Lanes = 1 }, time ?? _time, cache ?? _cache);
}
