using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Fallback;

public sealed class FallbackHeartbeatTests : FallbackLayerTestBase
{
    private static readonly RedisServerException NotPermitted =
        new(RedisErrorKind.NoPermission, CommandFlags.None, "NOPERM this user has no permissions to run the 'zadd' command");

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

        // Fewer replicas are counted for the lifetime of a heartbeat, but not continuously.
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
}
