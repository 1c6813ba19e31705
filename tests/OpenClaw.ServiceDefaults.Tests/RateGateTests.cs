using Microsoft.Extensions.Time.Testing;
using OpenClaw.ServiceDefaults.Telemetry;
using Xunit;

namespace OpenClaw.ServiceDefaults.Tests;

public sealed class RateGateTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    public void TryPass_FromTheStart_LetsABurstOfASecondThrough(int perSecond)
    {
        RateGate gate = new(perSecond, _time);

        Assert.Equal(perSecond, CountPassing(gate, 100));
    }

    [Fact]
    public void TryPass_WithTime_LetsTheRateThrough()
    {
        RateGate gate = new(20, _time);
        CountPassing(gate, 100);

        int passed = 0;
        for (int i = 0; i < 1000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            passed += CountPassing(gate, 3);
        }

        Assert.Equal(200, passed);
    }

    [Fact]
    public void TryPass_AfterALongPause_LetsNoMoreThanABurstThrough()
    {
        RateGate gate = new(20, _time);
        CountPassing(gate, 100);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(20, CountPassing(gate, 100));
    }

    [Fact]
    public async Task TryPass_FromManyThreads_LetsNoMoreThanABurstThrough()
    {
        RateGate gate = new(1000, _time);

        int[] passed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => CountPassing(gate, 1000))));

        Assert.Equal(1000, passed.Sum());
    }

    private static int CountPassing(RateGate gate, int attempts) => Enumerable.Range(0, attempts).Count(_ => gate.TryPass());
}
