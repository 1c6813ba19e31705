using OpenClaw.RateLimiting.Fallback;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Fallback;

public sealed class StoreCircuitTests
{
    [Fact]
    public void Failed_AsOftenAsTheThreshold_OpensOnce()
    {
        StoreCircuit circuit = new(threshold: 3);

        Assert.Equal([false, false, true, false], Enumerable.Range(0, 4).Select(i => circuit.Failed($"client-{i}")));
        Assert.Equal(CircuitState.Open, circuit.State);
        Assert.Equal("client-3", circuit.FailedPartition);
    }

    [Fact]
    public void Succeeded_BetweenFailures_KeepsItClosed()
    {
        StoreCircuit circuit = new(threshold: 2);
        for (var i = 0; i < 10; i++)
        {
            circuit.Failed("client");
            circuit.Succeeded();
        }

        Assert.True(circuit.IsClosed);
    }

    [Fact]
    public void BeatSucceeded_BetweenFailuresOfDecisions_DoesNotKeepItClosed()
    {
        StoreCircuit circuit = new(threshold: 3);
        bool[] opened = [.. Enumerable.Range(0, 3).Select(_ =>
        {
            circuit.BeatSucceeded();
            return circuit.Failed("client");
        })];

        Assert.Equal([false, false, true], opened);
    }

    [Fact]
    public void Succeeded_BetweenMissedBeats_KeepsItClosed()
    {
        StoreCircuit circuit = new(threshold: 2);
        for (var i = 0; i < 10; i++)
        {
            Assert.False(circuit.BeatFailed("~"));
            circuit.Succeeded();
        }
    }

    [Fact]
    public void BeatFailed_BesideFailuresOfDecisions_CountsWithThem()
    {
        StoreCircuit circuit = new(threshold: 4);

        Assert.Equal(
            [false, false, false, true], [circuit.Failed("client"), circuit.BeatFailed("~"), circuit.Failed(
                "client"), circuit.BeatFailed("~")]);
    }

    [Fact]
    public void Succeeded_WhileOpen_StaysOpen()
    {
        StoreCircuit circuit = Open();

        circuit.Succeeded();

        Assert.Equal(CircuitState.Open, circuit.State);
    }

    [Fact]
    public void TryStartProbe_FromManyThreads_AllowsOne()
    {
        StoreCircuit circuit = Open();
        var started = 0;

        Parallel.For(0, 1000, _ => Interlocked.Add(ref started, circuit.TryStartProbe() ? 1 : 0));

        Assert.Equal(1, started);
        Assert.Equal(CircuitState.HalfOpen, circuit.State);
        Assert.False(circuit.IsClosed);
    }

    [Theory]
    [InlineData(true, CircuitState.Closed)]
    [InlineData(false, CircuitState.Open)]
    public void EndProbe_ByItsResult_ClosesOrOpens(bool succeeded, CircuitState expected)
    {
        StoreCircuit circuit = Open();
        Assert.True(circuit.TryStartProbe());

        circuit.EndProbe(succeeded);

        Assert.Equal(expected, circuit.State);
    }

    [Fact]
    public void Failed_OnceAfterASuccessfulProbe_LeavesItClosed()
    {
        StoreCircuit circuit = new(threshold: 3);
        while (!circuit.Failed("client"))
        {
        }

        Assert.True(circuit.TryStartProbe());
        circuit.EndProbe(succeeded: true);

        Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(_ => circuit.Failed("client")));
    }

    [Fact]
    public void TryStartProbe_WhileClosed_IsRefused() => Assert.False(new StoreCircuit(1).TryStartProbe());

    private static StoreCircuit Open()
    {
        StoreCircuit circuit = new(threshold: 1);
        Assert.True(circuit.Failed("client"));
        return circuit;
    }
}
