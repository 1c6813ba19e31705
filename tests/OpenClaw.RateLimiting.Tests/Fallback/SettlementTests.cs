using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Fallback;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Fallback;

/// <summary>Debits and refunds while Redis is unreachable: they change local buckets only, and are not repeated in Redis later.</summary>
public sealed class SettlementTests : IAsyncDisposable
{
    private static readonly RedisRateLimiterOptions Options = new() { MaxLocalPartitions = 1000 };
    private static readonly RedisConnectionException Refused = new(ConnectionFailureType.UnableToConnect, CommandFlags.None, "refused");
    private static readonly TokenBucket[] Buckets = [new("burst", 20, 1, TimeSpan.FromHours(1))];

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedStore _redis = new() { Failure = Refused };
    private readonly FallbackLayer _layer;
    private readonly RateLimiterClient _limiter;

    public SettlementTests()
    {
        _layer = new FallbackLayer(_redis, new ScriptedSignals(), Options, _time, NullLogger.Instance, metrics: null);
        _limiter = new RateLimiterClient(_layer.Store, Options, _time);
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

        // If anything had been recorded, the same partition would start from it under a policy that decides locally.
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

    [Fact]
    public async Task Refund_OfALocalDecisionWhenRedisIsBack_GoesToTheLocalBucketOnly()
    {
        Charge charge = new(new RateLimitPolicy("local", Buckets), "a", Cost: 10);
        RateLimitDecision local = await _limiter.DecideAsync([charge]);
        await BringRedisBackAsync();
        int calls = _redis.Calls;

        await _limiter.RefundAsync(charge with { Cost = 4 }, local);

        Assert.Equal((DecisionSource.Local, calls), (local.Source, _redis.Calls));
        _redis.Failure = Refused;
        Assert.Equal((DecisionSource.Local, 14L), await LeftAsync(charge));
    }

    [Fact]
    public async Task Refund_OfALocalDecision_GoesToTheBucketThatPaid()
    {
        Charge charge = new(new RateLimitPolicy("local", Buckets), "a", Cost: 10);
        RateLimitDecision local = await _limiter.DecideAsync([charge]);
        Assert.Equal((DecisionSource.Local, 10L), await LeftAsync(charge));

        await _limiter.RefundAsync(charge with { Cost = 4 }, local);
        Assert.Equal((DecisionSource.Local, 14L), await LeftAsync(charge));

        // Not to another client's, whatever the caller says.
        await _limiter.DecideAsync([charge with { Partition = "b" }]);
        await _limiter.RefundAsync(charge with { Partition = "b", Cost = 4 }, local);
        Assert.Equal((DecisionSource.Local, 10L), await LeftAsync(charge with { Partition = "b" }));
    }

    [Fact]
    public async Task Refund_OfALocalDecisionAfterTheSharesChanged_GivesNothing()
    {
        LocalDecisions local = new(_time, replicas: 1);
        RateLimitPolicy policy = new("local", Buckets);
        RateLimitDecision decision = local.Decide(new Charge(policy, "a", Cost: 10));
        local.Replicas.Record(2);
        Assert.Equal(5, local.Decide(new Charge(policy, "a", Cost: 0)).Buckets[0].Remaining);
        local.Decide(new Charge(policy, "a", Cost: 1));

        await _limiter.RefundAsync(new Charge(policy, "a", Cost: 10), decision);

        Assert.Equal(4, local.Decide(new Charge(policy, "a", Cost: 0)).Buckets[0].Remaining);
    }

    [Fact]
    public async Task Refund_OfALocalDecisionWhoseShareWasForgotten_GivesNothing()
    {
        LocalDecisions local = new(_time, replicas: 1, maxPartitions: 1);
        RateLimitPolicy policy = new("local", Buckets);
        RateLimitDecision decision = local.Decide(new Charge(policy, "a", Cost: 10));
        local.Decide(new Charge(policy, "b", Cost: 1));
        local.Decide(new Charge(policy, "a", Cost: 1));
        long before = local.Decide(new Charge(policy, "a", Cost: 0)).Buckets[0].Remaining;

        await _limiter.RefundAsync(new Charge(policy, "a", Cost: 10), decision);

        Assert.Equal(before, local.Decide(new Charge(policy, "a", Cost: 0)).Buckets[0].Remaining);
    }

    [Fact]
    public async Task Refund_OfADecisionInRedisThatIsAway_GivesTheLocalBucketNothing()
    {
        _redis.Failure = null;
        Charge charge = new(new RateLimitPolicy("local", Buckets), "a", Cost: 5);
        RateLimitDecision shared = await _limiter.DecideAsync([charge]);
        _redis.Failure = Refused;
        RateLimitDecision local = await _limiter.DecideAsync([charge with { Cost = 3 }]);
        (DecisionSource Source, long Left) before = await LeftAsync(charge);

        await _limiter.RefundAsync(charge, shared);

        Assert.Equal((DecisionSource.Store, DecisionSource.Local), (shared.Source, local.Source));
        Assert.Equal(before, await LeftAsync(charge));
    }

    [Theory]
    [InlineData(FailureMode.Open)]
    [InlineData(FailureMode.Closed)]
    public async Task Refund_OfADecisionMadeUnseen_GivesNothingWhenRedisIsBack(FailureMode mode)
    {
        Charge charge = new(new RateLimitPolicy("unseen", Buckets, mode), "a", Cost: 5);
        RateLimitDecision unseen = await _limiter.DecideAsync([charge]);
        await BringRedisBackAsync();
        int calls = _redis.Calls;

        await _limiter.RefundAsync(charge, unseen);
        await _limiter.DebitAsync(charge, unseen);

        Assert.Equal(calls, _redis.Calls);
    }

    // One policy decides in memory, the other lets everything pass: each charge is settled where it was made.
    [Fact]
    public async Task Refund_OfADecisionUnderTwoFailureModes_IsSettledByEachCharge()
    {
        Charge local = new(new RateLimitPolicy("local", Buckets), "a", Cost: 5);
        Charge open = new(new RateLimitPolicy("open", Buckets, FailureMode.Open), "b", Cost: 5);
        RateLimitDecision decision = await _limiter.DecideAsync([local, open]);

        await _limiter.RefundAsync(open, decision);
        await _limiter.RefundAsync(local, decision);

        Assert.Equal(DecisionSource.Open, decision.Source);
        Assert.Equal((DecisionSource.Local, 20L), await LeftAsync(local));
    }

    private async Task BringRedisBackAsync()
    {
        for (var i = 0; i < Options.CircuitThreshold; i++)
        {
            await _limiter.DecideAsync([new Charge(new RateLimitPolicy("other", Buckets), "other", 0)]);
        }

        _redis.Failure = null;
        _time.Advance(Options.ProbeInterval);
        await Poll.UntilAsync("the circuit is closed", () => _layer.Health.Circuit == CircuitState.Closed, TimeSpan.FromSeconds(10));
    }

    private async Task<(DecisionSource Source, long Left)> LeftAsync(Charge charge)
    {
        RateLimitDecision decision = await _limiter.DecideAsync([charge with { Cost = 0 }]);
        return (decision.Source, decision.Buckets[0].Remaining);
    }
}
