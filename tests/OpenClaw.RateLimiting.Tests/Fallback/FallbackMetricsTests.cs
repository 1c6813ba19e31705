using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Fallback;
using OpenClaw.RateLimiting.Telemetry;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Fallback;

public sealed class FallbackMetricsTests
{
    private const string Meter = RateLimiterTelemetry.MeterName;

    [Fact]
    public async Task Failures_OfRedis_AreCountedByReasonAndShownAsState()
    {
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        using MetricCollector<long> failures = new(meters, Meter, "openclaw.ratelimit.store.failures");
        using MetricCollector<double> durations = new(meters, Meter, "openclaw.ratelimit.store.duration");
        using MetricCollector<int> state = new(meters, Meter, "openclaw.ratelimit.state");
        using MetricCollector<int> replicas = new(meters, Meter, "openclaw.ratelimit.replicas");
        FakeTimeProvider time = new();
        ScriptedStore redis = new() { Failure = new RedisServerException(RedisErrorKind.OutOfMemory, CommandFlags.None, "OOM") };
        RedisRateLimiterOptions options = new() { CircuitThreshold = 3 };
        await using FallbackLayer layer = new(
            redis, new ScriptedSignals { Replicas = 3 }, options, time, NullLogger.Instance, new RateLimitMetrics(meters));
        RateLimitPolicy policy = new("policy", [new TokenBucket("burst", 20, 5, TimeSpan.FromSeconds(1))]);

        for (var i = 0; i < 5; i++)
        {
            await layer.Store.DecideAsync(Batches.Of(Batches.Pending(time, new Charge(policy, "client"))), CancellationToken.None);
        }

        state.RecordObservableInstruments();
        replicas.RecordObservableInstruments();
        Assert.Equal(
            3, failures.GetMeasurementSnapshot().Where(failure => Equals(failure.Tags["result"], "outofmemory")).Sum(
                failure => failure.Value));
        Assert.Equal(
            0, failures.GetMeasurementSnapshot().Where(failure => Equals(failure.Tags["result"], "timeout")).Sum(failure => failure.Value));
        Assert.Contains(failures.GetMeasurementSnapshot(), failure => Equals(failure.Tags["result"], "timeout"));
        Assert.Equal(3, durations.GetMeasurementSnapshot().Count);
        Assert.Equal((int)CircuitState.Open, state.LastMeasurement!.Value);
        Assert.Equal(3, replicas.LastMeasurement!.Value);
    }
}
