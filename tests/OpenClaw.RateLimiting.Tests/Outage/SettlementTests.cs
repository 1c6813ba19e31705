using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Outage;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Outage;

/// <summary>Debits and refunds while Redis is out of reach: they touch local buckets only, and nothing is made up for later.</summary>
public sealed class SettlementTests : IAsyncDisposable
{
    private static readonly TokenBucketLimiterOptions Options = new() { MaxLocalPartitions = 1000 };
    private static readonly TokenBucket[] Buckets = [new("burst", 20, 1, TimeSpan.FromHours(1))];

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedStore _redis = new() { Failure = new RedisConnectionException(ConnectionFailureType.UnableToConnect, CommandFlags.None, "refused") };
    private readonly OutageLayer _layer;
    private readonly TokenBucketLimiter _limiter;

    public SettlementTests()
    {
        _layer = new OutageLayer(_redis, new ScriptedSignals(), Options, _time, NullLogger.Instance, metrics: null);
        _limiter = new TokenBucketLimiter(_layer.Store, Options, _time);
    }

    public ValueTask DisposeAsync() => _layer.DisposeAsync();

    [Fact]
    public async Task Settle_FailureModeLocal_ChangesTheLocalBucket()
    {
        Charge charge = new(new RateLimitPolicy("local", Buckets), "a");
        await _limiter.DebitAsync(charge with { Cost = 15 });
        Assert.Equal((DecisionSource.Local, 5L), await LeftAsync(charge));

        await _limiter.RefundAsync(charge with { Cost = 10 });
        Assert.Equal((DecisionSource.Local, 15L), await LeftAsync(charge));

        await _limiter.DebitAsync(charge with { Cost = 1000 });
        Assert.Equal((DecisionSource.Local, 0L), await LeftAsync(charge));
        await _limiter.RefundAsync(charge with { Cost = 1000 });
        Assert.Equal((DecisionSource.Local, 20L), await LeftAsync(charge));
    }

    [Theory]
    [InlineData(FailureMode.Open, true)]
    [InlineData(FailureMode.Closed, false)]
    public async Task Settle_FailureModeOpenOrClosed_ChangesNothingAndDoesNotThrow(FailureMode mode, bool allowed)
    {
        Charge charge = new(new RateLimitPolicy("unseen", Buckets, mode), "a");
        await _limiter.DebitAsync(charge with { Cost = 1000 });
        await _limiter.RefundAsync(charge with { Cost = 5 });

        Assert.Equal(allowed, (await _limiter.DecideAsync([charge])).IsAllowed);

        // Had anything been noted, the same partition would start with it under a policy that decides locally.
        Assert.Equal((DecisionSource.Local, 20L), await LeftAsync(new Charge(new RateLimitPolicy("unseen", Buckets), "a")));
    }

    [Fact]
    public async Task Settle_BeforeRedisComesBack_IsNotSentAfterwards()
    {
        Charge charge = new(new RateLimitPolicy("local", Buckets), "a");
        for (var i = 0; i < 2 * Options.CircuitThreshold; i++)
        {
            await _limiter.DebitAsync(charge);
            await _limiter.RefundAsync(charge);
        }

        Assert.Equal(Options.CircuitThreshold, _redis.Calls);
        _redis.Failure = null;
        _time.Advance(Options.ProbeInterval);
        await Poll.UntilAsync("the circuit is closed", () => _layer.Health.Circuit == CircuitState.Closed, TimeSpan.FromSeconds(10));

        Assert.Equal((DecisionSource.Store, 20L), await LeftAsync(charge));
        Assert.Equal(Options.CircuitThreshold + 1, _redis.Calls);
    }

    private async Task<(DecisionSource Source, long Left)> LeftAsync(Charge charge)
    {
        RateLimitDecision decision = await _limiter.DecideAsync([charge with { Cost = 0 }]);
        return (decision.Source, decision.Buckets[0].Remaining);
    }
}
