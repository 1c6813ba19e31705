using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.DenyCaching;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Memory;
using OpenClaw.RateLimiting.Telemetry;
using OpenClaw.RateLimiting.Tests.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Limiter;

public sealed class RateLimiterClientTests
{
    private static readonly RateLimitPolicy Policy = new("policy", [new TokenBucket("burst", 10, 1, TimeSpan.FromHours(1))]);

    private readonly RateLimiterClient _limiter = RateLimiterClient.InMemory(new FakeTimeProvider());

    [Theory]
    [InlineData(5, 8, 10 - 8)]
    [InlineData(5, 2, 10 - 2)]
    [InlineData(5, 5, 10 - 5)]
    [InlineData(5, 0, 10)]
    [InlineData(5, 12, 0)]
    public async Task Settle_RealCost_ChargesTheDifference(long charged, long real, long remaining)
    {
        Charge charge = new(Policy, "a", charged);
        RateLimitDecision decision = await _limiter.DecideAsync(charge);

        await _limiter.SettleAsync(charge, real, decision);

        Assert.Equal(remaining, (await _limiter.InspectAsync(Policy, "a")).Buckets[0].Remaining);
    }

    [Fact]
    public async Task Settle_DeniedCharge_ChangesNothing()
    {
        await _limiter.DecideAsync(new Charge(Policy, "a", 4));
        Charge denied = new(Policy, "a", 8);
        RateLimitDecision decision = await _limiter.DecideAsync(denied);
        Assert.False(decision.IsAllowed);

        await _limiter.SettleAsync(denied, 1, decision);
        await _limiter.SettleAsync(denied, 9, decision);

        Assert.Equal(6, (await _limiter.InspectAsync(Policy, "a")).Buckets[0].Remaining);
    }

    [Fact]
    public async Task Settle_NegativeCost_IsRefused()
    {
        Charge charge = new(Policy, "a", 5);
        RateLimitDecision decision = await _limiter.DecideAsync(charge);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("cost", () => _limiter.SettleAsync(charge, -1, decision).AsTask());
    }

    [Fact]
    public async Task Inspect_BlockedPartition_AsksTheStoreAndCountsNothing()
    {
        using TestMeterFactory meters = new();
        using MetricCollector<long> decisions = new(meters, RateLimiterTelemetry.MeterName, "openclaw.ratelimit.decisions");
        FakeTimeProvider time = new();
        DenyCache cache = new(1000, time);
        cache.Enable();
        RateLimiterClient limiter = new(
            new MemoryDecisionStore(time), new RedisRateLimiterOptions { Lanes = 1 }, time, cache, new RateLimitMetrics(meters));
        await limiter.BlockAsync(Policy, "a", TimeSpan.FromMinutes(1));
        await limiter.DecideAsync(new Charge(Policy, "a"));
        Assert.Equal(DecisionSource.DenyCache, (await limiter.DecideAsync(new Charge(Policy, "a"))).Source);
        int counted = decisions.GetMeasurementSnapshot().Count;

        RateLimitDecision seen = await limiter.InspectAsync(Policy, "a");

        Assert.Equal(DecisionSource.Store, seen.Source);
        Assert.Equal((10, TimeSpan.FromMinutes(1)), (seen.Buckets[0].Remaining, seen.BlockedFor));
        Assert.Equal(counted, decisions.GetMeasurementSnapshot().Count);

        await limiter.UnblockAsync(Policy, "a");
        Assert.True((await limiter.DecideAsync(new Charge(Policy, "a"))).IsAllowed);
    }

    [Fact]
    public async Task Block_ForNoTime_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("duration", () => _limiter.BlockAsync(Policy, "a", TimeSpan.Zero));
}
