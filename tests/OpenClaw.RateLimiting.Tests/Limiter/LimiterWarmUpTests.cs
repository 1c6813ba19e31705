using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Fallback;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Tests.Fallback;
using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Limiter;

public sealed class LimiterWarmUpTests : IAsyncDisposable
{
    private static readonly RedisRateLimiterOptions Options = new() { CircuitThreshold = 1000 };

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedStore _redis = new() { Failure = new TimeoutException("late") };
    private readonly FallbackLayer _layer;
    private readonly LimiterWarmUp _warmUp;

    public LimiterWarmUpTests()
    {
        _layer = new FallbackLayer(_redis, new ScriptedSignals(), Options, _time, NullLogger.Instance, metrics: null);
        _warmUp = new LimiterWarmUp(new RateLimiterClient(_layer.Store, Options, _time), _time);
    }

    public ValueTask DisposeAsync() => _layer.DisposeAsync();

    [Fact]
    public async Task Start_RedisFailsAtFirst_AsksUntilRedisDecides()
    {
        Task starting = _warmUp.StartAsync(CancellationToken.None);
        await GoOnUntilAsync(() => _redis.Calls >= 3);
        Assert.False(starting.IsCompleted);

        _redis.Failure = null;
        await GoOnUntilAsync(() => starting.IsCompleted);
        await starting;
    }

    [Fact]
    public async Task Start_RedisDecides_AsksForPartitionsOfAllQueues()
    {
        _redis.Failure = null;

        await _warmUp.StartAsync(CancellationToken.None);

        Assert.Equal(16, _redis.Calls);
    }

    [Fact]
    public async Task Start_RedisNeverDecides_GivesUpAfterASecond()
    {
        long start = _time.GetTimestamp();

        Task starting = _warmUp.StartAsync(CancellationToken.None);
        await GoOnUntilAsync(() => starting.IsCompleted);

        await starting;
        Assert.True(_time.GetElapsedTime(start) >= TimeSpan.FromSeconds(1));
    }

    private Task GoOnUntilAsync(Func<bool> condition) => Poll.UntilAsync("the warm-up has gone on", () =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(20));
        return condition();
    }, TimeSpan.FromSeconds(20));
}
