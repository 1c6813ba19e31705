using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Fallback;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Memory;
using OpenClaw.RateLimiting.Telemetry;
using OpenClaw.RateLimiting.Tests.Batching;
using OpenClaw.RateLimiting.Tests.Fallback;
using OpenClaw.RateLimiting.Tests.Redis;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Limiter;

/// <summary>A decision in two parts leaves the buckets as one in a single call would.</summary>
public sealed class SplitDecisionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly RateLimitPolicy Address = new(
        "address", [Bucket("hard", 10), Bucket("soft", 3) with { Shadow = true }, Bucket("softer", 1) with { Shadow = true }]);

    private static readonly RateLimitPolicy Client = new("client", [Bucket("hard", 5)]);

    private readonly RateLimiterClient _limiter = RateLimiterClient.InMemory(new FakeTimeProvider());

    [Fact]
    public async Task Decide_BothPay_ChargesBoth()
    {
        RateLimitDecision decision = await DecideAsync(_limiter, 2, 5);

        Assert.True(decision.IsAllowed);
        Assert.Equal([8, 1, 1, 0], decision.Buckets.Select(bucket => bucket.Remaining));
        Assert.Equal([8, 1, 1, 0], await LeftAsync(_limiter));
    }

    [Fact]
    public async Task Decide_OneRefuses_GivesTheOtherBackToTheBucketsThatPaid()
    {
        // Leaves 8, 1 and 1: the next two tokens are more than the shadows have.
        await _limiter.DecideAsync([new Charge(Address, "x", 2)]);

        RateLimitDecision decision = await DecideAsync(_limiter, 2, 6);

        Assert.False(decision.IsAllowed);
        Assert.Equal(3, decision.RefusedBy);
        Assert.Equal([false, true, true, true], decision.Buckets.Select(bucket => bucket.IsInsufficient));
        Assert.Equal([8, 1, 1, 5], decision.Buckets.Select(bucket => bucket.Remaining));
        Assert.Equal([8, 1, 1, 5], await LeftAsync(_limiter));
    }

    [Fact]
    public async Task Decide_CancelledBeforeOnePartIsSent_GivesTheOtherBack()
    {
        FakeTimeProvider time = new();
        GatedStore store = new(time);
        RateLimiterClient limiter = new(store, new RedisRateLimiterOptions { Lanes = 1 }, time);
        using CancellationTokenSource cancellation = new();

        Task<RateLimitDecision> decision = DecideAsync(limiter, 1, 1, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await AnswerAsync(decision);
        Task<IEnumerable<long>> left = LeftAsync(limiter);
        await AnswerAsync(left);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => decision);
        Assert.Equal(["x:1"], store.Calls[0]);
        Assert.Equal([10, 3, 1, 5], await left);

        Task AnswerAsync(Task asked) => Poll.UntilAsync("the answer", () =>
        {
            store.TryAnswer();
            return asked.IsCompleted;
        }, Limit);
    }

    [Fact]
    public async Task Decide_OneRefusesWithoutRedis_GivesTheOtherBackToTheLocalBuckets()
    {
        FakeTimeProvider time = new();
        RedisRateLimiterOptions options = new();
        ScriptedStore redis =
            new() { Failure = new RedisConnectionException(ConnectionFailureType.UnableToConnect, CommandFlags.None, "refused") };
        await using FallbackLayer layer = new(redis, new ScriptedSignals(), options, time, NullLogger.Instance, metrics: null);
        RateLimiterClient limiter = new(layer.Store, options, time);

        Assert.False((await DecideAsync(limiter, 1, 6)).IsAllowed);

        Assert.Equal([10, 3, 1, 5], await LeftAsync(limiter));
    }

    [Fact]
    public async Task Decide_InTwoParts_IsCountedOnce()
    {
        TestMeterFactory meters = new();
        RateLimitMetrics metrics = new(meters);
        MetricCollector<long> decisions = new(meters, RateLimiterTelemetry.MeterName, "openclaw.ratelimit.decisions");
        MetricCollector<double> durations = new(meters, RateLimiterTelemetry.MeterName, "openclaw.ratelimit.decision.duration");
        FakeTimeProvider time = new();
        RateLimiterClient limiter = new(new MemoryDecisionStore(time), new RedisRateLimiterOptions(), time, metrics: metrics);

        await DecideAsync(limiter, 2, 5);
        await DecideAsync(limiter, 1, 5);

        Assert.Equal(
            ["address shadow_denied", "client denied"],
            decisions.GetMeasurementSnapshot().Select(one => $"{one.Tags["policy"]} {one.Tags["result"]}"));
        Assert.Equal(2, durations.GetMeasurementSnapshot().Count);
    }

    private static TokenBucket Bucket(string name, long capacity) => new(name, capacity, 1, TimeSpan.FromHours(1));

    private static ValueTask<RateLimitDecision> DecideAsync(
        RateLimiterClient limiter, long address, long client, CancellationToken cancellationToken = default)
        => SplitDecision.DecideAsync(limiter, [new Charge(Address, "x", address), new Charge(Client, "y", client)], cancellationToken);

    private static async Task<IEnumerable<long>> LeftAsync(RateLimiterClient limiter)
        => (await limiter.DecideAsync([new Charge(Address, "x", 0), new Charge(Client, "y", 0)])).Buckets.Select(
            bucket => bucket.Remaining);
}
