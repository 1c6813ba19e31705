using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.DenyCaching;
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

namespace OpenClaw.RateLimiting.Tests.Telemetry;

/// <summary>Listeners and loggers that throw at everything: no decision fails, waits or comes out differently.</summary>
[Collection(ListenerTests.Name)]
public sealed class ThrowingTelemetryTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly RateLimitPolicy Policy = new("p", [new TokenBucket("burst", 2, 1, TimeSpan.FromHours(1))]);

    private readonly FakeTimeProvider _time = new();
    private readonly TestMeterFactory _meters = new();
    private readonly MeterListener _listener = new();
    private readonly Activity _request = new("request");

    public ThrowingTelemetryTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == _meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => throw new InvalidOperationException("A listener throws."));
        _listener.SetMeasurementEventCallback<int>(static (_, _, _, _) => throw new InvalidOperationException("A listener throws."));
        _listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => throw new InvalidOperationException("A listener throws."));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _request.Dispose();
    }

    [Fact]
    public async Task Decide_MeterListenerThrows_IsAnsweredAsWithoutIt()
    {
        DenyCache cache = new(100, _time);
        cache.Enable();
        GatedStore store = new(_time);
        RateLimiterClient limiter = new(store, new RedisRateLimiterOptions { Lanes = 1 }, _time, cache, new RateLimitMetrics(_meters));
        Task<RateLimitDecision>[] asked = [.. Enumerable.Range(0, 5).Select(_ => limiter.DecideAsync([new Charge(Policy, "a")]).AsTask())];
        await Poll.UntilAsync("everybody is answered", () =>
        {
            store.TryAnswer();
            return Task.WhenAll(asked).IsCompleted;
        }, Limit);

        RateLimitDecision[] decisions = await Task.WhenAll(asked);
        Assert.Equal([true, true, false, false, false], decisions.Select(decision => decision.IsAllowed));
        Assert.Equal(DecisionSource.DenyCache, (await limiter.DecideAsync([new Charge(Policy, "a")])).Source);
    }

    // Under every failure mode, a denial by Redis stays a denial.
    [Theory]
    [InlineData(FailureMode.Local)]
    [InlineData(FailureMode.Open)]
    [InlineData(FailureMode.Closed)]
    public async Task Decide_EverythingThrowsAroundRedis_IsWhatRedisDecided(FailureMode mode)
    {
        RateLimitPolicy policy = new($"p{mode}", Policy.Buckets, mode);
        await using FallbackLayer layer = new(
            new MemoryDecisionStore(_time),
            new ScriptedSignals(),
            new RedisRateLimiterOptions(),
            _time,
            new ThrowingLogger(),
            new RateLimitMetrics(_meters));
        RateLimiterClient limiter = new(layer.Store, new RedisRateLimiterOptions(), _time, metrics: new RateLimitMetrics(_meters));

        for (var i = 0; i < 4; i++)
        {
            RateLimitDecision decision = await limiter.DecideAsync([new Charge(policy, "a")]).AsTask().WaitAsync(Limit);
            Assert.Equal((i < 2, DecisionSource.Store), (decision.IsAllowed, decision.Source));
        }
    }

    [Theory]
    [InlineData(FailureMode.Local, true, DecisionSource.Local)]
    [InlineData(FailureMode.Open, true, DecisionSource.Open)]
    [InlineData(FailureMode.Closed, false, DecisionSource.Closed)]
    public async Task Decide_EverythingThrowsAndRedisFails_FollowsTheFailureMode(FailureMode mode, bool allowed, DecisionSource source)
    {
        RateLimitPolicy policy = new("p", Policy.Buckets, mode);
        ScriptedStore redis = new()
        {
            Failure = new RedisConnectionException(ConnectionFailureType.UnableToConnect, CommandFlags.None, "refused"),
        };
        ScriptedSignals signals = new();
        RedisRateLimiterOptions options = new() { CircuitThreshold = 1 };
        await using FallbackLayer layer = new(redis, signals, options, _time, new ThrowingLogger(), new RateLimitMetrics(_meters));
        RateLimiterClient limiter = new(layer.Store, options, _time, metrics: new RateLimitMetrics(_meters));

        Assert.Equal((allowed, source), Short(await limiter.DecideAsync([new Charge(policy, "a")]).AsTask().WaitAsync(Limit)));
        Assert.Equal(CircuitState.Open, layer.Health.Circuit);

        // The end of the outage is logged as well, to the same logger.
        redis.Failure = null;
        _time.Advance(options.ProbeInterval);
        await Poll.UntilAsync("the circuit is closed", () => layer.Health.Circuit == CircuitState.Closed, Limit);
        Assert.Equal(DecisionSource.Store, (await limiter.DecideAsync([new Charge(policy, "a")]).AsTask().WaitAsync(Limit)).Source);
    }

    [Theory]
    [InlineData("sample")]
    [InlineData("start")]
    [InlineData("stop")]
    public async Task Decide_ActivityListenerThrows_IsAnsweredAndTheCallersActivityStays(string where)
    {
        _request.SetIdFormat(ActivityIdFormat.W3C).Start();
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == RateLimiterTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Parent.TraceId != _request.TraceId
                ? ActivitySamplingResult.None
                : where == "sample" ? throw new InvalidOperationException("A listener throws.") : ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = activity => ThrowAt("start", activity),
            ActivityStopped = activity => ThrowAt("stop", activity),
        };
        ActivitySource.AddActivityListener(listener);
        RateLimiterClient limiter = RateLimiterClient.InMemory(_time);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(i < 2, (await limiter.DecideAsync([new Charge(Policy, "a")])).IsAllowed);
            Assert.Same(_request, Activity.Current);
        }

        void ThrowAt(string place, Activity activity)
        {
            if (place == where && activity.TraceId == _request.TraceId)
            {
                throw new InvalidOperationException("A listener throws.");
            }
        }
    }

    private static (bool, DecisionSource) Short(RateLimitDecision decision) => (decision.IsAllowed, decision.Source);

    private sealed class ThrowingLogger : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => throw new InvalidOperationException("The logger throws.");

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => throw new InvalidOperationException("The logger throws.");
    }
}
