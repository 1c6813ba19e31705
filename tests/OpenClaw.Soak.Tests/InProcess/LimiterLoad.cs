using OpenClaw.RateLimiting;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Redis;
using OpenClaw.Soak.Tests.Traffic;
using StackExchange.Redis;

namespace OpenClaw.Soak.Tests.InProcess;

/// <summary>A limiter in this process with well-behaved callers, and at times listeners that throw and callers who
/// misuse its answers.</summary>
internal sealed class LimiterLoad : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _redis;
    private readonly HostileTelemetry _telemetry = new();
    private readonly Violations _violations;
    private readonly int _seed;
    private readonly Settler _settler;
    private readonly RateLimitPolicy _misused = new("misused", [new TokenBucket("tokens", 1000, 1000, TimeSpan.FromSeconds(1))]);
    private RateLimiterClient _limiter;
    private bool _isStuck;
    private long _notByRedis;
    private long _failures;
    private int _round;

    private LimiterLoad(ConnectionMultiplexer redis, Violations violations, int seed)
    {
        _redis = redis;
        _violations = violations;
        _seed = seed;
        _settler = new Settler(violations, seed);
        Callers = [.. Enumerable.Range(0, 6).Select(index => new Caller(
            index, index switch { 4 => FailureMode.Open, 5 => FailureMode.Closed, _ => FailureMode.Local }, violations, seed))];
        _limiter = Create();
    }

    public IReadOnlyList<Caller> Callers { get; }

    /// <summary>How often a listener or the logger threw.</summary>
    public long Thrown => _telemetry.Thrown;

    /// <summary>Decisions of the phase that Redis did not make.</summary>
    public long NotByRedis => Interlocked.Read(ref _notByRedis);

    public static async Task<LimiterLoad> StartAsync(string redis, Violations violations, int seed)
    {
        ConfigurationOptions options = ConfigurationOptions.Parse(redis);
        RedisConnection.Configure(options);
        LimiterLoad load = new(await ConnectionMultiplexer.ConnectAsync(options), violations, seed);
        await load.IsRedisBackAsync();
        return load;
    }

    /// <summary>Asks until cancelled; returns when all callers have an answer.</summary>
    public async Task RunAsync(bool throwing, bool misusing, Answers answers, CancellationToken stop)
    {
        int round = _round++;
        Interlocked.Exchange(ref _notByRedis, 0);
        _failures = _telemetry.Failures;
        if (_isStuck)
        {
            // Only where the run goes on after violations.
            _ = _limiter.DisposeAsync().AsTask();
            _limiter = Create();
            _isStuck = false;
            _settler.Forget();
        }

        Random random = new(_seed + (1000 * round));
        if (throwing)
        {
            _telemetry.Begin(traces: random.Next(2) == 0);
        }

        List<Task> callers = [.. Callers.Select(caller => Task.Run(() => LoopAsync(() => caller.AskAsync(_limiter, Count), 5, stop)))];
        callers.Add(Task.Run(() => LoopAsync(() => _settler.AskAsync(_limiter, Count), 10, stop)));
        if (misusing)
        {
            callers.Add(Task.Run(() => LoopAsync(async () =>
            {
                // What is traced is a task, and waits for its answer when it is taken early.
                await Task.Run(() => Misuse.OnceAsync(_limiter, new Charge(_misused, "shared"), random)).WaitAsync(Caller.Limit);
                return true;
            }, 3, stop)));
        }

        await Task.WhenAll(callers);
        _telemetry.End();

        void Count(DecisionSource source, bool isAllowed, double seconds)
        {
            answers.Add($"{source}{(isAllowed ? "+" : "-")}", seconds);
            if (source is not (DecisionSource.Store or DecisionSource.DenyCache))
            {
                Interlocked.Increment(ref _notByRedis);
            }
        }
    }

    /// <summary>Whether Redis decides for this limiter. True for one that hangs, which was reported already.</summary>
    public async Task<bool> IsRedisBackAsync() => _isStuck
        || ((await _limiter.DecideAsync([new Charge(_misused, "probe", 0)]).AsTask().WaitAsync(Caller.Limit)).Source == DecisionSource.Store
        && _limiter.Health.Circuit == CircuitState.Closed);

    /// <summary>Settles the accounts of a phase.</summary>
    /// <param name="seconds">How long the phase was.</param>
    /// <param name="lost">Tokens of a bucket that Redis may have lost or granted twice; 0 unless it failed over.</param>
    public async Task CheckAsync(double seconds, Func<double, double, double> lost)
    {
        bool losesWrites = lost(1, 0) > 0;
        if (!_isStuck)
        {
            await _settler.CheckAsync(_limiter, NotByRedis == 0 && _telemetry.Failures == _failures && !losesWrites, losesWrites);
        }

        foreach (Caller caller in Callers)
        {
            double excess = caller.Store.Check(lost(30, 15));
            if (excess > 0)
            {
                _violations.Add("too much granted", $"Redis granted {caller.Name} {excess:0.0} tokens above capacity + rate × t.");
            }

            if (caller.Local > Caller.LocalBound(seconds))
            {
                _violations.Add("too much granted",
                    $"Memory granted {caller.Name} {caller.Local} tokens; the bound is {Caller.LocalBound(seconds):0}.");
            }

            caller.ForgetLocal();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _limiter.DisposeAsync().AsTask().WaitAsync(Caller.Limit);
        await _redis.DisposeAsync();
        _telemetry.Dispose();
    }

    private RateLimiterClient Create() => new(
        _redis,
        new RedisRateLimiterOptions { KeyPrefix = "soak:", Deadline = TimeSpan.FromMilliseconds(250), ReplicaName = "soak" },
        TimeProvider.System,
        _telemetry,
        _telemetry);

    private async Task LoopAsync(Func<Task<bool>> ask, int pause, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && !_isStuck)
        {
            try
            {
                if (!await ask())
                {
                    _isStuck = true;
                }
            }
            catch (TimeoutException)
            {
                // A caller that misuses the limiter can only block itself.
            }

            await HttpTraffic.PauseAsync(pause, stop);
        }
    }
}
