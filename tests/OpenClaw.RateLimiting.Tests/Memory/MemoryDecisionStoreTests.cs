using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Memory;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Memory;

/// <summary>Which states the store in memory removes, and which it keeps.</summary>
public sealed class MemoryDecisionStoreTests
{
    private const long Second = 1_000_000;
    private static readonly RateLimitPolicy Policy = new("p", [new TokenBucket("b", 100, 1, TimeSpan.FromSeconds(1))]);

    private readonly MemoryDecisionStore _store;
    private readonly RateLimiterClient _limiter;
    private long _now = 1000 * Second;

    public MemoryDecisionStoreTests()
    {
        _store = new MemoryDecisionStore(() => _now);
        _limiter = new RateLimiterClient(_store, new RedisRateLimiterOptions { Lanes = 1 }, TimeProvider.System);
    }

    [Fact]
    public async Task Decide_PartitionsFullAgain_AreForgottenAndOthersAreNot()
    {
        await _limiter.DecideAsync([new Charge(Policy, "drained", 100)]);
        await _limiter.BlockAsync(Policy, "blocked", TimeSpan.FromHours(1));
        for (var i = 0; i < 20_000; i++)
        {
            // Each is full again after a second.
            await _limiter.DecideAsync([new Charge(Policy, $"client-{i}")]);
            _now += 4 * Second / 1000;
        }

        Assert.InRange(_store.Count, 2, 2048);
        RateLimitDecision drained = await _limiter.DecideAsync([new Charge(Policy, "drained", 0)]), blocked = await _limiter.DecideAsync(
            [new Charge(Policy, "blocked", 0)]);
        Assert.Equal(80, drained.Buckets[0].Remaining);
        Assert.False(blocked.IsAllowed);
    }

    // A state is kept until its buckets are full, and for as long as the clock may step back unnoticed.
    [Fact]
    public async Task Decide_ClockStepsBackAfterASweep_FindsWhatWasNotFull()
    {
        await _limiter.DecideAsync([new Charge(Policy, "client", 10)]);
        _now += 10 * Second;
        await FillAsync();
        _now -= Second;

        Assert.Equal(99, (await _limiter.DecideAsync([new Charge(Policy, "client", 0)])).Buckets[0].Remaining);
    }

    // More than any sweep waits for.
    private async Task FillAsync()
    {
        for (var i = 0; i < 3000; i++)
        {
            await _limiter.DecideAsync([new Charge(Policy, $"other-{i}")]);
        }
    }
}
