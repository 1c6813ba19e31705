using System.Diagnostics;
using OpenClaw.EdgeBench.Load;
using OpenClaw.EdgeBench.Reports;
using OpenClaw.EdgeBench.Servers;
using OpenClaw.EdgeBench.Targets;

namespace OpenClaw.EdgeBench.Outages;

/// <summary>Throughput and latency while Redis stops answering, answers again, is killed and comes back, under a load at a constant
/// rate.</summary>
internal static class Outage
{
    private const int DefaultRate = 2000;
    private const int SigKill = 9, SigContinue = 18, SigStop = 19;
    private static readonly TimeSpan Slot = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(50);

    public static async Task<string> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        Machine.Require("redis-server");
        using ServerGroup servers = new();
        Server ratingApi = servers.Add(await EdgeTargets.StartRatingApiAsync(http2: false, cancellationToken));
        RedisServer redis = await RedisServer.StartAsync(cancellationToken);
        servers.Add(redis.Server);
        EdgeSetup setup = new("edge") { Limits = Limits.Allow };
        Server edge = servers.Add(await setup.StartAsync($"127.0.0.1:{redis.Server.Port}", ratingApi, cancellationToken));
        Phase[] phases =
        [
            new("Redis answers", () => Task.CompletedTask),
            new("stopped (SIGSTOP)", () => SignalAsync(SigStop)),
            new("answers again", () => SignalAsync(SigContinue)),
            new("killed (SIGKILL)", () => SignalAsync(SigKill)),
            new("back, empty", async () => servers.Add((await RedisServer.StartAsync(cancellationToken, port: redis.Server.Port)).Server)),
        ];

        TimeSpan length = TimeSpan.FromSeconds(options.Seconds);
        LoadPlan plan = new()
        {
            Urls = [edge.Url],
            Rate = options.Rate ?? DefaultRate,
            Duration = length * phases.Length,
            Slot = Slot,
            Clients = 100,
        };
        Console.Error.WriteLine("warm-up");
        await LoadGenerator.RunAsync(plan with { Duration = TimeSpan.FromSeconds(options.WarmUpSeconds) }, cancellationToken);
        long start = Stopwatch.GetTimestamp();
        Task<LoadResult> load = LoadGenerator.RunAsync(plan, cancellationToken);
        for (int i = 0; i < phases.Length; i++)
        {
            TimeSpan wait = (length * i) - Stopwatch.GetElapsedTime(start);
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, cancellationToken);
            Console.Error.WriteLine(phases[i].Name);
            await phases[i].StartAsync();
        }

        return Report(phases, await load, length);

        Task SignalAsync(int signal)
        {
            redis.Server.Signal(signal);
            return Task.CompletedTask;
        }
    }

    private static string Report(IReadOnlyList<Phase> phases, LoadResult result, TimeSpan length)
    {
        Table table = new(
            "Phase", "requests/s", "p50 ms", "p99 ms", "p99 ms, first second", "longest ms, first second", "dip ms, first second", "dip ms",
            "failed");
        for (int i = 0; i < phases.Count; i++)
        {
            TimeSpan from = length * i;
            LoadSlot phase = result.Between(from, from + length), first = result.Between(from, from + TimeSpan.FromSeconds(1));
            table.Row(
                phases[i].Name,
                $"{phase.Arrived / length.TotalSeconds:F0}",
                $"{phase.Latencies.Percentile(0.5):F2}",
                $"{phase.Latencies.Percentile(0.99):F2}",
                $"{first.Latencies.Percentile(0.99):F2}",
                $"{first.Latencies.Percentile(1):F1}",
                $"{LongestDip(result, from, TimeSpan.FromSeconds(1)).TotalMilliseconds:F0}",
                $"{LongestDip(result, from, length).TotalMilliseconds:F0}",
                $"{phase.Failed}");
        }

        return $"""
            {Machine.Describe()}. {result.Plan.Rate:F0} requests/s, each phase {length.TotalSeconds:F0} s;
            the limiter's deadline is {Deadline.TotalMilliseconds:F0} ms.
            A dip is a time in which less than half of the requests due was answered.

            {table}
            """;
    }

    private static TimeSpan LongestDip(LoadResult result, TimeSpan from, TimeSpan length)
    {
        double half = result.Plan.Rate!.Value * Slot.TotalSeconds / 2;
        int longest = 0, current = 0;
        foreach (LoadSlot slot in result.Slots.Skip((int)(from / Slot)).Take((int)(length / Slot)))
        {
            current = slot.Arrived < half ? current + 1 : 0;
            longest = Math.Max(longest, current);
        }

        return longest * Slot;
    }
}
