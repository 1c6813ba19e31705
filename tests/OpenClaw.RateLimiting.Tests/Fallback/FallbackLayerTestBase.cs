using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Fallback;
using OpenClaw.RateLimiting.Replicas;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Fallback;

/// <summary>A fallback layer before a scripted Redis, on a fake clock.</summary>
public abstract class FallbackLayerTestBase : IAsyncDisposable
{
    private protected const int Threshold = 5;
    private protected static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(50);
    private protected static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(200);

    private protected static readonly RedisRateLimiterOptions Options = new()
    {
        Deadline = Deadline,
        CircuitThreshold = Threshold,
        ProbeInterval = ProbeInterval,
        MaxLocalPartitions = 1000,
    };

    private protected static readonly RedisConnectionException Refused =
        new(ConnectionFailureType.UnableToConnect, CommandFlags.None, "refused");

    private protected readonly RateLimitPolicy _policy = new("policy", [new TokenBucket("burst", 20, 5, TimeSpan.FromSeconds(1))]);
    private protected readonly CountingTime _time = new();
    private protected readonly FakeLogger _logger = new();
    private protected readonly ScriptedStore _redis = new();
    private protected readonly ScriptedSignals _signals = new();
    private protected readonly FallbackLayer _layer;

    protected FallbackLayerTestBase() => _layer = new FallbackLayer(
        _redis, _signals, Options, _time, _logger, metrics: null);

    public ValueTask DisposeAsync()
    {
        // Removing the heartbeat from a silent Redis would wait for a clock that no longer advances.
        _signals.IsSilent = false;
        return _layer.DisposeAsync();
    }

    private protected async Task<RateLimitDecision> DecideAsync(int slot = -1)
    {
        PendingDecision pending = Batches.Pending(_time, new Charge(_policy, "client"));
        await _layer.Store.DecideAsync(Batches.Of(pending, slot), CancellationToken.None);
        return pending.Decision;
    }

    private protected async Task BreakAsync()
    {
        _redis.Failure = Refused;
        for (var i = 0; i < Threshold; i++)
        {
            await DecideAsync();
        }

        Assert.NotEqual(CircuitState.Closed, _layer.Health.Circuit);
    }

    // One by one: pending ticks of a timer are merged into one.
    private protected async Task BeatAsync(int times)
    {
        await UntilAsync("the first beat", () => _signals.Beats > 0);
        int before = _signals.Beats;
        for (var i = 1; i <= times; i++)
        {
            _time.Advance(ReplicaHeartbeat.Interval);
            await UntilAsync("the next beat", () => _signals.Beats == before + i);
        }
    }

    private protected static Task UntilAsync(string what, Func<bool> condition) =>
        Poll.UntilAsync(what, condition, TimeSpan.FromSeconds(10));

    /// <summary>Counts the timers that were created, so that a test knows when it may advance the clock.</summary>
    private protected sealed class CountingTime : FakeTimeProvider
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
