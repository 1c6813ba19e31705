using System.Diagnostics;
using System.Globalization;
using System.Text;
using OpenClaw.RateLimiting;
using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Redis;
using OpenClaw.TestServers;
using StackExchange.Redis;

namespace OpenClaw.Benchmarks;

/// <summary>How many decisions a second one process gets out of one Redis, next to <c>redis-benchmark</c> driving the same script one
/// decision a call.</summary>
internal static class RawLimit
{
    private const int Waiting = 512;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);

    public static async Task RunAsync()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await Limiters.ConnectAsync(server.ConnectionString);
        await using RateLimiterClient limiter = Limiters.OnRedis(redis);
        Console.WriteLine($"{"",-34} {"decisions/s",12} {"calls/decision",15} {"B/decision",11}");
        await MeasureAsync(redis, limiter, "warm-up", 10_000, _ => Workload.Lasting, quiet: true);
        double ours = await MeasureAsync(redis, limiter, "10 000 keys, 512 waiting", 10_000, _ => Workload.Lasting);
        await MeasureAsync(redis, limiter, "hot key, 512 waiting", 1, _ => Workload.Generous);
        await MeasureAsync(redis, limiter, "hot key, 64 waiting", 1, _ => Workload.Generous, waiting: 64);
        await MeasureAsync(redis, limiter, "10 000 keys, denied", 10_000, _ => Workload.Drained);
        double theirs = await RedisBenchmarkAsync(server, redis);
        Console.WriteLine($"{"redis-benchmark, same script",-34} {theirs,12:N0}");
        Console.WriteLine($"ratio {ours / theirs:F2}");
        await LiveKeysAsync(redis, limiter, ours);
    }

    private static async Task<double> MeasureAsync(
        IConnectionMultiplexer redis, RateLimiterClient limiter, string what, int keys, Func<int, RateLimitPolicy> policy, int waiting =
            Waiting, bool quiet = false)
    {
        string[] names = [.. Enumerable.Range(0, keys).Select(Workload.Client)];
        await redis.GetServers()[0].ExecuteAsync("CONFIG", "RESETSTAT");
        long allocated = GC.GetTotalAllocatedBytes(precise: true), decisions = 0, elsewhere = 0, start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, waiting).Select(worker => Task.Run(async () =>
        {
            Random random = new(worker);
            var count = 0L;
            while (Stopwatch.GetElapsedTime(start) < Duration)
            {
                string name = names[random.Next(keys)];
                RateLimitDecision decision = await limiter.DecideAsync([new Charge(policy(worker), name)]);
                if (decision.Source is DecisionSource.Store or DecisionSource.DenyCache)
                {
                    count++;
                }
                else
                {
                    Interlocked.Increment(ref elsewhere);
                }
            }

            Interlocked.Add(ref decisions, count);
        })));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        if (elsewhere > 0)
        {
            Console.WriteLine($"{elsewhere} decisions were not made by Redis: this machine is too busy to measure on.");
        }

        if (!quiet)
        {
            Console.WriteLine(
                $"{what,-34} {decisions / seconds,12:N0} {(double)await CallsAsync(redis) / decisions,15:F4} "
                + $"{(double)allocated / decisions,11:F0}");
        }

        return decisions / seconds;
    }

    // redis-benchmark can send no zero bytes, so the arguments of the one call stand in the script as literals.
    private static async Task<double> RedisBenchmarkAsync(RedisServer server, IConnectionMultiplexer redis)
    {
        DecisionBatch batch = new(1, 1);
        PendingDecision pending = new();
        pending.Prepare(Operation.Charge, [new Charge(Workload.Lasting, "x")], CancellationToken.None);
        batch.TryAdd(pending);
        ScriptCall call = new();
        call.Write(batch, new RedisNames("rl:"));
        StringBuilder literals = new("local ARGV = {");
        foreach (RedisValue value in call.Values.ToArray())
        {
            literals.Append('"').AppendJoin("", ((byte[])value!).Select(b => $"\\{b:D3}")).Append("\",");
        }

        byte[] hash = await redis.GetServers()[0].ScriptLoadAsync(literals.Append("}\n").ToString() + DecisionScript.Text);
        using Process benchmark = Process.Start(new ProcessStartInfo(
            "redis-benchmark",
            ["-p", $"{server.Port}", "-n", "1000000", "-c", "32", "-P", "16", "-r", "10000", "--csv", "EVALSHA", Convert.ToHexStringLower(
                hash), "1", "rl:{client-__rand_int__}default"])
        {
            RedirectStandardOutput = true,
        })!;
        string[] lines = (await benchmark.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await benchmark.WaitForExitAsync();
        return double.Parse(lines[^1].Split("\",\"")[1].Trim('"'), CultureInfo.InvariantCulture);
    }

    // A million live buckets: what one takes, and whether Redis gets slower.
    private static async Task LiveKeysAsync(IConnectionMultiplexer redis, RateLimiterClient limiter, double withFewKeys)
    {
        const int Keys = 1_000_000;
        IServer server = redis.GetServers()[0];
        await server.FlushAllDatabasesAsync();
        await Task.Delay(1000);
        long before = await MemoryAsync(server);
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, Waiting).Select(_ => Task.Run(async () =>
        {
            for (int i = Interlocked.Increment(ref next); i <= Keys; i = Interlocked.Increment(ref next))
            {
                await limiter.DecideAsync([new Charge(Workload.Lasting, Workload.Client(i))]);
            }
        })));
        long after = await MemoryAsync(server);
        Console.WriteLine(
            $"{(double)(after - before) / Keys:F0} bytes of Redis per idle bucket "
            + "(1 000 000 of them, ids of 16 characters, policy 'default')");
        double many = await MeasureAsync(redis, limiter, "1 000 000 keys, 512 waiting", Keys, _ => Workload.Lasting);
        Console.WriteLine(
            $"ratio to 10 000 keys {many / withFewKeys:F2}; this process holds {Environment.WorkingSet >> 20} MiB, "
            + $"of which {GC.GetTotalMemory(forceFullCollection: true) >> 20} MiB are objects");
    }

    private static async Task<long> MemoryAsync(IServer server)
        => long.Parse(
            (await server.InfoAsync("memory")).SelectMany(group => group).Single(pair => pair.Key == "used_memory").Value,
            CultureInfo.InvariantCulture);

    private static async Task<long> CallsAsync(IConnectionMultiplexer redis)
        => (await redis.GetServers()[0].InfoRawAsync("commandstats"))!.Split('\n').Where(
            line => line.StartsWith("cmdstat_eval", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split("calls=")[1].Split(',')[0], CultureInfo.InvariantCulture));
}
