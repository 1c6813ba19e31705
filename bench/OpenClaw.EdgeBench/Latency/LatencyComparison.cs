using OpenClaw.EdgeBench.Load;
using OpenClaw.EdgeBench.Reports;
using OpenClaw.EdgeBench.Servers;
using OpenClaw.EdgeBench.Targets;

namespace OpenClaw.EdgeBench.Latency;

/// <summary>Latency at half of what the edge without a policy can do, with a policy and without. The edge has the first processor for
/// itself; load generator, Redis and rating API have the others.</summary>
internal static class LatencyComparison
{
    private const int ManyClients = 10_000;
    private const double AimAtMedian = 0.3;
    private const double AimAt99 = 1;

    public static async Task<string> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        Machine.Require("redis-server", "taskset");
        Processors processors = Processors.OfThisMachine();
        EdgeSetup unlimited = new("edge, no policy") { Processors = processors.Edge };
        EdgeSetup allowing = new("edge, allowing") { Processors = processors.Edge, Limits = Limits.Allow };
        LatencyRow[] rows =
        [
            new("edge, no policy on the route", unlimited, 1), new("edge, hot key", allowing, 1),
                new("edge, 10 000 keys", allowing, ManyClients),
        ];

        using ServerGroup servers = new();
        Server ratingApi = servers.Add(await EdgeTargets.StartRatingApiAsync(http2: false, cancellationToken, processors.Others));
        RedisServer redis = await RedisServer.StartAsync(cancellationToken, processors.Others);
        servers.Add(redis.Server);
        Dictionary<EdgeSetup, Server> edges = [];
        foreach (EdgeSetup setup in new[] { unlimited, allowing })
        {
            edges[setup] = servers.Add(await setup.StartAsync($"127.0.0.1:{redis.Server.Port}", ratingApi, cancellationToken));
        }

        foreach (LatencyRow row in rows)
        {
            Console.Error.WriteLine($"warm-up: {row.Name}");
            await RunAsync(row, null, options.WarmUpSeconds);
        }

        double most = (await RunAsync(rows[0], null, options.Seconds)).PerSecond;
        double rate = options.Rate ?? Math.Round(most / 2);
        Console.Error.WriteLine($"{rows[0].Name}: {most:F0}/s at most; from here on {rate:F0}/s");
        for (int round = 1; round <= options.Rounds; round++)
        {
            foreach (LatencyRow row in round % 2 == 1 ? rows : rows.Reverse())
            {
                LoadSlot total = (await RunAsync(row, rate, options.Seconds)).Total;
                row.Rounds.Add(total);
                Console.Error.WriteLine(
                    $"{round}/{options.Rounds} {row.Name}: p50 {total.Latencies.Percentile(0.5):F2} ms, "
                    + $"p99 {total.Latencies.Percentile(0.99):F2} ms");
            }
        }

        return Report(rows, rate, most, options);

        Task<LoadResult> RunAsync(LatencyRow row, double? perSecond, int seconds) => LoadGenerator.RunAsync(
            new LoadPlan
            {
                Urls = [edges[row.Setup].Url],
                Rate = perSecond,
                Duration = TimeSpan.FromSeconds(seconds),
                Clients = row.Clients,
                Processor = processors.Generator,
            },
            cancellationToken);
    }

    private static string Report(IReadOnlyList<LatencyRow> rows, double rate, double most, BenchOptions options)
    {
        Table table = new("Edge", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "p50 above", $"aim {AimAtMedian:0.0}", "p99 above",
            $"aim {AimAt99:0.0}", "failed");
        foreach (LatencyRow row in rows)
        {
            (double median, double high) = (row.Above(rows[0], 0.5), row.Above(rows[0], 0.99));
            bool isBase = row == rows[0];
            table.Row(
                row.Name,
                $"{row.Median(0.5):F2}",
                $"{row.Median(0.9):F2}",
                $"{row.Median(0.99):F2}",
                $"{row.Median(0.999):F2}",
                isBase ? $"" : $"{median:F2}",
                isBase ? $"" : $"{(median <= AimAtMedian ? "reached" : "missed")}",
                isBase ? $"" : $"{high:F2}",
                isBase ? $"" : $"{(high <= AimAt99 ? "reached" : "missed")}",
                $"{row.Rounds.Sum(round => round.Failed)}");
        }

        return $"""
            {Machine.Describe()}. {options.Rounds} rounds of {options.Seconds} s at {rate:F0} requests/s ({most:F0} at most),
            edge on a processor of its own.

            {table}
            """;
    }
}
