using System.Globalization;
using OpenClaw.RateLimiting;
using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Redis;
using OpenClaw.TestServers;
using StackExchange.Redis;

namespace OpenClaw.Benchmarks;

/// <summary>Measures the script's cost for Redis: server time per call and per decision, compared with INCR.</summary>
internal static class ScriptCost
{
    public static async Task RunAsync(string script)
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(
            $"{server.ConnectionString},allowAdmin=true,syncTimeout=60000,asyncTimeout=60000");
        Console.WriteLine($"{"",-44} {"us p50",8} {"us mean",8} {"us/decision",12}");
        await MeasureAsync(
            redis, "INCR", "incr", 1, async () => await Task.WhenAll(
                Enumerable.Range(0, 1000).Select(i => redis.GetDatabase().StringIncrementAsync($"n:{i}"))));
        foreach ((string what, RateLimitPolicy policy) in new[] { ("allowed", Workload.Generous), ("refused", Workload.Drained) })
        {
            foreach ((int partitions, int each) in new[] { (1, 1), (1, 64), (8, 1), (64, 1), (64, 4) })
            {
                RedisDecisionStore store = new(redis, new RedisNames("rl:"), script, TimeProvider.System);
                int calls = Math.Max(20, 1000 / partitions);
                string title = $"{what}: {partitions} partitions, {each} decisions each";
                await MeasureAsync(redis, title, "evalsha", partitions * each, async () =>
                {
                    Task[] tasks =
                        [.. Enumerable.Range(0, calls).Select(
                            call => store.DecideAsync(Batch(policy, call, partitions, each), CancellationToken.None).AsTask())];
                    await Task.WhenAll(tasks);
                });
            }
        }
    }

    private static DecisionBatch Batch(RateLimitPolicy policy, int call, int partitions, int each)
    {
        DecisionBatch batch = new(64, 256);
        for (var e = 0; e < each; e++)
        {
            for (var p = 0; p < partitions; p++)
            {
                PendingDecision pending = new();
                pending.Prepare(Operation.Charge, [new Charge(policy, Workload.Client((call * partitions) + p))], CancellationToken.None);
                if (!batch.TryAdd(pending))
                {
                    throw new InvalidOperationException("The batch is too small.");
                }
            }
        }

        return batch;
    }

    private static async Task MeasureAsync(ConnectionMultiplexer redis, string what, string command, int decisions, Func<Task> round)
    {
        await round();
        IServer server = redis.GetServers()[0];
        await server.ExecuteAsync("CONFIG", "RESETSTAT");
        for (var i = 0; i < 20; i++)
        {
            await round();
        }

        // The median has a resolution of a microsecond. The mean is finer: a shorter call counts as a whole one as often as it
        // crosses a microsecond. But the mean includes other load of the machine.
        double median = Number(await server.InfoRawAsync("latencystats"), $"latency_percentiles_usec_{command}:", "p50=");
        double mean = Number(await server.InfoRawAsync("commandstats"), $"cmdstat_{command}:", "usec_per_call=");
        Console.WriteLine($"{what,-44} {median,8:F2} {mean,8:F2} {mean / decisions,12:F3}");
    }

    private static double Number(string? info, string line, string field)
        => double.Parse(
            info!.Split('\n').Single(l => l.StartsWith(
                line, StringComparison.Ordinal)).Split(field)[1].Split(',')[0], CultureInfo.InvariantCulture);
}
