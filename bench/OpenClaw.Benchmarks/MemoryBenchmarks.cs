using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;
using OpenClaw.RateLimiting;
using OpenClaw.RateLimiting.DenyCaching;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Memory;

namespace OpenClaw.Benchmarks;

/// <summary>Decisions without Redis, compared with the limiter of .NET.</summary>
[MemoryDiagnoser]
public class MemoryBenchmarks
{
    private readonly System.Threading.RateLimiting.TokenBucketRateLimiter _builtIn = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = 1_000_000_000,
        TokensPerPeriod = 1_000_000,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        AutoReplenishment = false,
        QueueLimit = 0,
    });

    private readonly RateLimiterClient _inMemory = RateLimiterClient.InMemory(TimeProvider.System);
    private readonly Charge[] _granted = [new Charge(Workload.Generous, Workload.Client(1))];
    private readonly Charge[] _refused = [new Charge(Workload.Drained, Workload.Client(1))];
    private RateLimiterClient _cached = null!;

    [GlobalSetup]
    public void Setup()
    {
        DenyCache cache = new(1000, TimeProvider.System);
        cache.Enable();
        _cached = new RateLimiterClient(
            new MemoryDecisionStore(TimeProvider.System), new RedisRateLimiterOptions { Lanes = 1 }, TimeProvider.System, cache);
    }

    [Benchmark(Baseline = true, Description = "built-in TokenBucketRateLimiter")]
    public bool BuiltIn()
    {
        using RateLimitLease lease = _builtIn.AttemptAcquire();
        return lease.IsAcquired;
    }

    [Benchmark(Description = "granted in memory")]
    public async Task<bool> Granted() => (await _inMemory.DecideAsync(_granted)).IsAllowed;

    [Benchmark(Description = "denied from cache")]
    public async Task<bool> Denied() => (await _cached.DecideAsync(_refused)).IsAllowed;
}
