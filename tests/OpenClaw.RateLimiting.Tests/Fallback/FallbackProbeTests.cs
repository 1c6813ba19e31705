using OpenClaw.RateLimiting.Redis;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Fallback;

public sealed class FallbackProbeTests : FallbackLayerTestBase
{
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
}
