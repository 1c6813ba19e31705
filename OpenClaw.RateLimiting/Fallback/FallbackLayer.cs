using Microsoft.Extensions.Logging;
using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Redis;
using OpenClaw.RateLimiting.Replicas;
using OpenClaw.RateLimiting.Telemetry;

namespace OpenClaw.RateLimiting.Fallback;

/// <summary>Combines a store in Redis with local shares, circuits and replicas, and runs their background work.</summary>
internal sealed class FallbackLayer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _background;

    public FallbackLayer(
        IDecisionStore redis,
        IRedisSignals signals,
        RedisRateLimiterOptions options,
        TimeProvider time,
        ILogger logger,
        RateLimitMetrics? metrics)
    {
        logger = SafeLogger.Around(logger);
        ReplicaCount replicas = new(options.AssumedReplicas, ReplicaHeartbeat.Lifetime, time);
        FillLevelCache levels = new(options.MaxLocalPartitions);
        RedisRights rights = new();
        OutageMonitor monitor = new(options.CircuitThreshold, replicas, rights, time, logger);
        FailureModeStore local = new(replicas, levels, options.MaxLocalPartitions, time);
        Local = local;
        Store = new FallbackStore(redis, local, levels, monitor, options.Deadline, time, metrics);
        Health = monitor;
        metrics?.ExpectFailures(FailureReason.Expected);
        metrics?.ObserveHealth(monitor);
        _background = Task.WhenAll(
            new ReplicaHeartbeat(replicas, monitor, signals, time, logger).RunAsync(_stop.Token),
            new RightsMonitor(rights, signals, time, logger).RunAsync(_stop.Token),
            new CircuitProber(monitor, signals, options.ProbeInterval, options.Deadline, time).RunAsync(_stop.Token));
    }

    /// <summary>Decides in Redis, or by failure modes if Redis fails.</summary>
    public IDecisionStore Store { get; }

    /// <summary>Decides by failure modes.</summary>
    public FailureModeStore Local { get; }

    public IRateLimiterHealth Health { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _background.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
