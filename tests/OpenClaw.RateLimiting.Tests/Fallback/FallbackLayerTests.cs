using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Redis;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Fallback;

public sealed class FallbackLayerTests : FallbackLayerTestBase
{
    [Fact]
    public async Task Decide_RedisAnswers_IsRedisDecision()
    {
        Assert.Equal(DecisionSource.Store, (await DecideAsync()).Source);
        Assert.Empty(_logger.Collector.GetSnapshot());
    }

    [Fact]
    public async Task Decide_RedisSilent_IsLocalAtTheDeadlineAndNotBefore()
    {
        _redis.IsSilent = true;
        PendingDecision pending = Batches.Pending(_time, new Charge(_policy, "client"));
        ValueTask deciding = _layer.Store.DecideAsync(Batches.Of(pending), CancellationToken.None);

        _time.Advance(Deadline - TimeSpan.FromMilliseconds(1));
        Assert.False(_redis.IsAbandoned);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_redis.IsAbandoned);
        await deciding.AsTask().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal((true, DecisionSource.Local), (pending.Decision.IsAllowed, pending.Decision.Source));
        Assert.Equal(19, pending.Decision.Buckets[0].Remaining);
    }

    [Fact]
    public async Task Decide_WaitedThroughTheDeadline_IsNotSent()
    {
        PendingDecision pending = Batches.Pending(_time, new Charge(_policy, "client"));
        _time.Advance(Deadline);

        await _layer.Store.DecideAsync(Batches.Of(pending), CancellationToken.None);

        Assert.Equal(0, _redis.Calls);
        Assert.Equal(DecisionSource.Local, pending.Decision.Source);
    }

    [Fact]
    public async Task Decide_LittleTimeLeftAfterWaiting_IsNoFailureOfRedis()
    {
        _redis.IsSilent = true;
        for (var i = 0; i < 3 * Threshold; i++)
        {
            PendingDecision pending = Batches.Pending(_time, new Charge(_policy, "client"));
            _time.Advance(Deadline * 0.8);
            ValueTask deciding = _layer.Store.DecideAsync(Batches.Of(pending), CancellationToken.None);
            _time.Advance(Deadline * 0.2);
            await deciding.AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(CircuitState.Closed, _layer.Health.Circuit);
    }

    [Fact]
    public async Task Decide_WaitedForAPartOfAMillisecond_StillHasAllOfItsDeadline()
    {
        _redis.IsSilent = true;
        PendingDecision pending = Batches.Pending(_time, new Charge(_policy, "client"));
        _time.Advance(TimeSpan.FromMicroseconds(1));
        ValueTask deciding = _layer.Store.DecideAsync(Batches.Of(pending), CancellationToken.None);

        _time.Advance(Deadline - TimeSpan.FromMicroseconds(2));
        Assert.False(_redis.IsAbandoned);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_redis.IsAbandoned);
        await deciding.AsTask().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(DecisionSource.Local, pending.Decision.Source);
    }

    [Fact]
    public async Task Decide_FailuresWithSuccessesInBetween_NeverOpenTheCircuit()
    {
        for (var i = 0; i < 3 * Threshold; i++)
        {
            _redis.Failure = Refused;
            Assert.Equal(DecisionSource.Local, (await DecideAsync()).Source);
            _redis.Failure = null;
            Assert.Equal(DecisionSource.Store, (await DecideAsync()).Source);
        }

        Assert.Equal(CircuitState.Closed, _layer.Health.Circuit);
    }

    [Fact]
    public async Task Decide_RedisFails_ForgetsWhatTheFailedCallHadRead()
    {
        _redis.Failure = Refused;

        RateLimitDecision decision = await DecideAsync();

        Assert.Equal((DecisionSource.Local, 19L), (decision.Source, decision.Buckets[0].Remaining));
    }

    [Fact]
    public async Task Decide_FailuresInARow_OpenTheCircuitAndLogOnce()
    {
        await BreakAsync();
        int calls = _redis.Calls;
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(DecisionSource.Local, (await DecideAsync()).Source);
        }

        Assert.Equal(calls, _redis.Calls);
        Assert.Equal((CircuitState.Open, "connection"), (_layer.Health.Circuit, _layer.Health.Reason));
        Assert.Equal(
            "Redis does not decide (connection: UnableToConnect). Each policy's failure mode decides; a local share is 1/1 of a limit.",
            Assert.Single(_logger.Collector.GetSnapshot()).Message);
    }

    [Fact]
    public async Task Decide_OneNodeOfAClusterFails_OthersStillDecide()
    {
        await BreakAsync();
        _redis.Failure = null;

        Assert.Equal(DecisionSource.Local, (await DecideAsync(slot: 0)).Source);
        Assert.Equal(DecisionSource.Store, (await DecideAsync(slot: ClusterSlots.Count - 1)).Source);
    }
}
