using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.DenyCaching;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Memory;
using OpenClaw.RateLimiting.Telemetry;
using OpenClaw.RateLimiting.Tests.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Telemetry;

public sealed class RateLimitMetricsTests
{
    private static readonly RateLimitPolicy Address = new("address", [new TokenBucket("burst", 10, 1, TimeSpan.FromHours(1))]);
    private static readonly RateLimitPolicy Client = new("client", [new TokenBucket("burst", 1, 1, TimeSpan.FromHours(1))]);
    private static readonly RateLimitPolicy Trial = new("trial", [new TokenBucket("burst", 1, 1, TimeSpan.FromHours(1)) { Shadow = true }]);

    private readonly TestMeterFactory _meters = new();
    private readonly RateLimiterClient _limiter;
    private readonly MetricCollector<long> _decisions;

    public RateLimitMetricsTests()
    {
        FakeTimeProvider time = new();
        RateLimitMetrics metrics = new(_meters);
        DenyCache cache = new(100, time);
        cache.Enable();
        metrics.ObserveDenyCache(() => cache.Count);
        _decisions = new MetricCollector<long>(_meters, RateLimiterTelemetry.MeterName, "openclaw.ratelimit.decisions");
        _limiter = new RateLimiterClient(new MemoryDecisionStore(time), new RedisRateLimiterOptions { Lanes = 1 }, time, cache, metrics);
    }

    [Fact]
    public async Task Decisions_AllowedDeniedAndShadow_NameTheDecisivePolicyResultAndSource()
    {
        await _limiter.DecideAsync([new Charge(Address, "a"), new Charge(Client, "c")]);
        await _limiter.DecideAsync([new Charge(Address, "a"), new Charge(Client, "c")]);
        await _limiter.DecideAsync([new Charge(Address, "b", 11)]);
        await _limiter.DecideAsync([new Charge(Trial, "t", 2), new Charge(Address, "a")]);

        Assert.Equal(
            ["client allowed store", "client denied deny_cache", "address denied store", "trial shadow_denied store"],
            _decisions.GetMeasurementSnapshot().Select(one => $"{one.Tags["policy"]} {one.Tags["result"]} {one.Tags["source"]}"));
    }

    [Fact]
    public async Task Decisions_OfTheWarmUp_AreNotCounted()
    {
        await new LimiterWarmUp(_limiter, TimeProvider.System).StartAsync(CancellationToken.None);

        Assert.Empty(_decisions.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task Decisions_OfAnyPartition_NeverNameIt()
    {
        await _limiter.DecideAsync([new Charge(Client, "secret")]);

        Assert.All(
            _decisions.GetMeasurementSnapshot(), one => Assert.Equal(
                ["policy", "result", "source"], one.Tags.Keys.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task DenyCacheEntries_OneDrained_IsOne()
    {
        MetricCollector<int> entries = new(_meters, RateLimiterTelemetry.MeterName, "openclaw.ratelimit.deny_cache.entries");
        await _limiter.DecideAsync([new Charge(Client, "c")]);
        entries.RecordObservableInstruments();

        Assert.Equal(1, entries.LastMeasurement!.Value);
    }
}
