using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Fallback;
using OpenClaw.RateLimiting.Redis;
using OpenClaw.RateLimiting.Replicas;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Fallback;

public sealed class FallbackLayerTests : IAsyncDisposable
{
    private const int Threshold = 5;
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(200);
    private static readonly RedisRateLimiterOptions Options = new()
    {
        Deadline = Deadline,
        CircuitThreshold = Threshold,
        ProbeInterval = ProbeInterval,
        MaxLocalPartitions = 1000,
    };

    private static readonly RedisServerException NotPermitted =
        new(RedisErrorKind.NoPermission, CommandFlags.None, "NOPERM this user has no permissions to run the 'zadd' command");

    private static readonly RedisConnectionException Refused = new(ConnectionFailureType.UnableToConnect, CommandFlags.None, "refused");

    private readonly RateLimitPolicy _policy = new("policy", [new TokenBucket("burst", 20, 5, TimeSpan.FromSeconds(1))]);
    private readonly CountingTime _time = new();
    private readonly FakeLogger _logger = new();
    private readonly ScriptedStore _redis = new();
    private readonly ScriptedSignals _signals = new();
    private readonly FallbackLayer _layer;

    public FallbackLayerTests() => _layer = new FallbackLayer(
        _redis, _signals, Options, _time, _logger, metrics: null);

    public ValueTask DisposeAsync()
    {
        // Taking leave of a silent Redis would wait for a clock that nobody turns.
        _signals.IsSilent = false;
        return _layer.DisposeAsync();
    }

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

    [Fact]
    public async Task Probe_RedisStillSilent_IsOneCallAtATime()
    {
        await BreakAsync();
        _signals.IsSilent = true;
        int timers = _time.Timers;
        for (var probe = 1; probe <= 4; probe++)
        {
            _time.Advance(ProbeInterval);
            await UntilAsync("the next probe waits for its deadline", () => _time.Timers == timers + probe);
            Assert.Equal(probe, _signals.Probes.Count);
        }

        _time.Advance(Deadline);
        await UntilAsync("the last probe is over", () => _layer.Health.Circuit == CircuitState.Open);

        Assert.All(_signals.Probes, partition => Assert.Equal("client", partition));
        Assert.Equal(4, _signals.Probes.Count);
        Assert.Equal("timeout", _layer.Health.Reason);
    }

    [Fact]
    public async Task Probe_RedisBack_ClosesTheCircuitAndLogsOnce()
    {
        await BreakAsync();
        _redis.Failure = null;

        _time.Advance(ProbeInterval);
        await UntilAsync("the circuit is closed", () => _layer.Health.Circuit == CircuitState.Closed);

        Assert.Equal(DecisionSource.Store, (await DecideAsync()).Source);
        await UntilAsync("both lines are written", () => _logger.Collector.Count == 2);
        Assert.Equal((CircuitState.Closed, null), (_layer.Health.Circuit, _layer.Health.Reason));
        Assert.Equal("Redis decides again after 0.2 s.", _logger.Collector.GetSnapshot()[^1].Message);
    }

    [Fact]
    public async Task Probe_RedisAnswersWithAnError_LooksForTheMasterAgain()
    {
        await BreakAsync();
        _signals.Failure = new RedisServerException(RedisErrorKind.ReadOnly, CommandFlags.None, "READONLY");

        _time.Advance(ProbeInterval);
        await UntilAsync("the master is looked for", () => _signals.Rediscoveries > 0);

        Assert.Equal(1, _signals.Rediscoveries);
        Assert.Equal("readonly", _layer.Health.Reason);
    }

    [Fact]
    public async Task Probe_SeveralNodesOfAClusterBack_IsOneOutage()
    {
        await BreakAsync();
        for (var i = 0; i < Threshold; i++)
        {
            await DecideAsync(slot: ClusterSlots.Count - 1);
        }

        Assert.Equal(1, _logger.Collector.Count);
        _redis.Failure = null;
        _time.Advance(ProbeInterval);
        await UntilAsync("all circuits are closed", () => _layer.Health.Circuit == CircuitState.Closed);
        await UntilAsync("the end is told", () => _logger.Collector.Count > 1);

        Assert.Equal(2, _signals.Probes.Count);
        Assert.Equal([21, 22], _logger.Collector.GetSnapshot().Select(line => line.Id.Id));
    }

    [Fact]
    public async Task Decide_FailsOnceASecondWhileHeartbeatsSucceed_OpensTheCircuit()
    {
        _redis.Failure = Refused;
        for (var i = 1; i <= Threshold; i++)
        {
            Assert.Empty(_logger.Collector.GetSnapshot());
            await DecideAsync();
            if (i < Threshold)
            {
                await BeatAsync(times: 1);
            }
        }

        Assert.Equal(CircuitState.Open, _layer.Health.Circuit);
        Assert.Equal(Threshold, _redis.Calls);
    }

    [Fact]
    public async Task Heartbeat_MissedInBetween_KeepsTheReplicasThatWereCounted()
    {
        _signals.Replicas = 3;
        await BeatAsync(times: 1);
        await UntilAsync("the replicas are counted", () => _layer.Health.Replicas == 3);

        // Fewer are heard of for the lifetime of a heartbeat, but not without a break.
        _signals.Replicas = 1;
        await BeatAsync(times: 2);
        _signals.Failure = Refused;
        await BeatAsync(times: 1);
        _signals.Failure = null;
        await BeatAsync(times: 3);

        Assert.Equal(3, _layer.Health.Replicas);
        await Poll.UntilAsync("fewer are counted", async () =>
        {
            await BeatAsync(times: 1);
            return _layer.Health.Replicas == 1;
        }, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Heartbeat_EverySecond_TellsTheReplicas()
    {
        _signals.Replicas = 3;
        await BeatAsync(times: 2);

        Assert.Equal(3, _signals.Beats);
        await UntilAsync("the replicas are counted", () => _layer.Health.Replicas == 3);
    }

    [Fact]
    public async Task Heartbeat_RedisGone_IsNoticedWithoutTrafficAndReplicasAreRemembered()
    {
        _signals.Replicas = 3;
        await BeatAsync(times: 1);
        await UntilAsync("the replicas are counted", () => _layer.Health.Replicas == 3);
        _signals.Failure = Refused;

        await BeatAsync(Threshold);
        await UntilAsync("the circuit is open", () => _layer.Health.Circuit != CircuitState.Closed);

        Assert.Equal(3, _layer.Health.Replicas);
        _redis.Failure = Refused;
        Assert.Equal(5, (await DecideAsync()).Buckets[0].Remaining);
    }

    [Fact]
    public async Task Heartbeats_NotPermitted_LeaveTheCircuitClosedAndAreToldOnce()
    {
        _signals.MissingRights = "the command ZADD";
        _signals.Failure = NotPermitted;
        await BeatAsync(3 * Threshold);
        await UntilAsync("it is told", () => _logger.Collector.Count > 0);

        Assert.Equal(CircuitState.Closed, _layer.Health.Circuit);
        Assert.Equal(
            "The Redis user lacks the command ZADD. The documentation of the limiter lists the rights that it needs.",
            Assert.Single(_logger.Collector.GetSnapshot()).Message);
    }

    [Fact]
    public async Task Rights_GivenLater_AreToldOnce()
    {
        _signals.MissingRights = "the command ZADD";
        _signals.Failure = NotPermitted;
        await BeatAsync(4);
        await UntilAsync("it is told", () => _logger.Collector.Count > 0);
        _signals.MissingRights = null;
        _signals.Failure = null;
        await BeatAsync(6);
        await UntilAsync("it is told", () => _logger.Collector.Count > 1);

        Assert.Equal([24, 25], _logger.Collector.GetSnapshot().Select(line => line.Id.Id));
    }

    [Fact]
    public async Task Dispose_TakesLeave()
    {
        await _layer.DisposeAsync();

        Assert.True(_signals.HasLeft);
    }

    private async Task<RateLimitDecision> DecideAsync(int slot = -1)
    {
        PendingDecision pending = Batches.Pending(_time, new Charge(_policy, "client"));
        await _layer.Store.DecideAsync(Batches.Of(pending, slot), CancellationToken.None);
        return pending.Decision;
    }

    private async Task BreakAsync()
    {
        _redis.Failure = Refused;
        for (var i = 0; i < Threshold; i++)
        {
            await DecideAsync();
        }

        Assert.NotEqual(CircuitState.Closed, _layer.Health.Circuit);
    }

    // One by one: ticks of a timer that nobody has taken yet are one.
    private async Task BeatAsync(int times)
    {
        await UntilAsync("the first beat", () => _signals.Beats > 0);
        int before = _signals.Beats;
        for (var i = 1; i <= times; i++)
        {
            _time.Advance(ReplicaHeartbeat.Interval);
            await UntilAsync("the next beat", () => _signals.Beats == before + i);
        }
    }

    private static Task UntilAsync(string what, Func<bool> condition) => Poll.UntilAsync(what, condition, TimeSpan.FromSeconds(10));

    /// <summary>Counts the timers that were made: from then on the clock may be turned.</summary>
    private sealed class CountingTime : FakeTimeProvider
    {
        private int _timers;

        public int Timers => Volatile.Read(ref _timers);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref _timers);
            return timer;
        }
    }
}
