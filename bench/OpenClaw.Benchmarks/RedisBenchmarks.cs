using BenchmarkDotNet.Attributes;
using OpenClaw.RateLimiting;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.TestServers;
using StackExchange.Redis;

namespace OpenClaw.Benchmarks;

/// <summary>Decisions in a real Redis on this machine. Times are per decision.</summary>
[MemoryDiagnoser]
public class RedisBenchmarks
{
    private const int Decisions = 8192;

    private RedisServer _server = null!;
    private ConnectionMultiplexer _redis = null!;
    private RateLimiterClient _limiter = null!;

    [GlobalSetup]
    public async Task Setup()
    {
        _server = await RedisServer.StartAsync();
        _redis = await Limiters.ConnectAsync(_server.ConnectionString);
        _limiter = Limiters.OnRedis(_redis);
    }

    [GlobalCleanup]
    public async Task Cleanup()
    {
        await _limiter.DisposeAsync();
        await _redis.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Benchmark(Baseline = true, Description = "INCR, one at a time")]
    public Task<long> Increment() => _redis.GetDatabase().StringIncrementAsync("n");

    [Benchmark(Description = "one at a time")]
    public async Task<bool> One() => (await _limiter.DecideAsync([new Charge(Workload.Generous, Workload.Client(1))])).IsAllowed;

    [Benchmark(Description = "hot key, 64 waiting", OperationsPerInvoke = Decisions)]
    public Task Hot64() => RunAsync(64, 1);

    [Benchmark(Description = "hot key, 512 waiting", OperationsPerInvoke = Decisions)]
    public Task Hot512() => RunAsync(512, 1);

    [Benchmark(Description = "10 000 keys, 512 waiting", OperationsPerInvoke = Decisions)]
    public Task Many() => RunAsync(512, 10_000);

    private Task RunAsync(int waiting, int keys) => Task.WhenAll(Enumerable.Range(0, waiting).Select(async worker =>
    {
        for (var i = 0; i < Decisions / waiting; i++)
        {
            await _limiter.DecideAsync([new Charge(Workload.Generous, Workload.Client(((worker * 7919) + (i * 104_729)) % keys))]);
        }
    }));
}
