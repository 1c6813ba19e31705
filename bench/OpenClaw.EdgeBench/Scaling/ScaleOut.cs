using OpenClaw.EdgeBench.Load;
using OpenClaw.EdgeBench.Reports;
using OpenClaw.EdgeBench.Servers;
using OpenClaw.EdgeBench.Targets;

namespace OpenClaw.EdgeBench.Scaling;

/// <summary>Work per second of processor time with one, two and three edges on one Redis, and with one edge on a cluster of one, two and
/// three masters. Edges share one processor and the rest another, so more of them cannot do more at once; the result is whether each
/// request costs the same. Each edge gets the same constant load.</summary>
internal static class ScaleOut
{
    private const int Clients = 10_000;
    private const int ConnectionsOfAnEdge = 21;
    private const double Aim = 0.10;

    /// <summary>Requests per second of each edge.</summary>
    private const int DefaultRate = 1500;

    private static readonly Step[] Steps =
    [
        new("1 edge, one Redis", 1, 0), new("2 edges, one Redis", 2, 0), new("3 edges, one Redis", 3, 0),
        new("1 edge, cluster of 1", 1, 1), new("1 edge, cluster of 2", 1, 2), new("1 edge, cluster of 3", 1, 3),
    ];

    public static async Task<string> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        Machine.Require("redis-server", "taskset");
        Processors processors = Processors.OfThisMachine();
        using ServerGroup servers = new();
        Server ratingApi = servers.Add(await EdgeTargets.StartRatingApiAsync(http2: false, cancellationToken, processors.Others));
        Dictionary<int, RedisCluster> clusters = [];
        try
        {
            foreach (int masters in Steps.Select(step => step.Masters).Distinct())
            {
                clusters[masters] = await RedisCluster.StartAsync(masters, processors.Others, cancellationToken);
            }

            EdgeSetup setup = new("edge") { Limits = Limits.Allow, Processors = processors.Edge };
            Dictionary<Step, List<Server>> edges = [];
            foreach (Step step in Steps)
            {
                edges[step] = [];
                for (int i = 0; i < step.Edges; i++)
                {
                    edges[step].Add(
                        servers.Add(await setup.StartAsync(clusters[step.Masters].ConnectionString, ratingApi, cancellationToken)));
                }

                Console.Error.WriteLine($"warm-up: {step.Name}");
                await RunAsync(step, edges[step], clusters[step.Masters], options.WarmUpSeconds);
            }

            for (int round = 1; round <= options.Rounds; round++)
            {
                foreach (Step step in round % 2 == 1 ? Steps : Steps.Reverse())
                {
                    ScaleSample sample = await RunAsync(step, edges[step], clusters[step.Masters], options.Seconds);
                    step.Rounds.Add(sample);
                    Console.Error.WriteLine($"{round}/{options.Rounds} {step.Name}: {sample}");
                }
            }
        }
        finally
        {
            foreach (RedisCluster cluster in clusters.Values)
            {
                cluster.Dispose();
            }
        }

        return Report(options);

        async Task<ScaleSample> RunAsync(Step step, List<Server> edges, RedisCluster redis, int seconds)
        {
            TimeSpan edgeBefore = CpuTime(edges), redisBefore = redis.CpuTime;
            long scriptsBefore = await redis.ScriptCallsAsync(cancellationToken);
            LoadPlan plan = new()
            {
                Urls = [.. edges.Select(edge => edge.Url)],
                Rate = (options.Rate ?? DefaultRate) * step.Edges,
                Connections = ConnectionsOfAnEdge * step.Edges,
                Duration = TimeSpan.FromSeconds(seconds),
                Clients = Clients,
                Processor = processors.Generator,
            };
            LoadResult result = await LoadGenerator.RunAsync(plan, cancellationToken);
            double count = result.Total.Latencies.Count;
            return new ScaleSample(
                result.PerSecond,
                (CpuTime(edges) - edgeBefore).TotalMicroseconds / count,
                (redis.CpuTime - redisBefore).TotalMicroseconds / count,
                (await redis.ScriptCallsAsync(cancellationToken) - scriptsBefore) / count,
                result.Total.Latencies.Percentile(0.99),
                result.Total.Failed);
        }
    }

    private static TimeSpan CpuTime(IEnumerable<Server> servers) => servers.Aggregate(TimeSpan.Zero, (sum, server) => sum + server.CpuTime);

    private static string Report(BenchOptions options)
    {
        Table table = new("", "requests/s", "edges µs", "Redis µs", "scripts/request", "p99 ms", "requests per CPU-second",
            "to the first", $"aim {1 - Aim:0.0}", "failed");
        foreach (Step step in Steps)
        {
            Step first = Steps.First(other => (other.Masters == 0) == (step.Masters == 0));
            double ratio = Medians.Of(step.Rounds.Zip(first.Rounds, (own, its) => own.PerCpuSecond / its.PerCpuSecond));
            table.Row(
                step.Name,
                $"{Median(sample => sample.PerSecond):F0}",
                $"{Median(sample => sample.Edge):F1}",
                $"{Median(sample => sample.Redis):F1}",
                $"{Median(sample => sample.Scripts):F2}",
                $"{Median(sample => sample.P99):F2}",
                $"{Median(sample => sample.PerCpuSecond):F0}",
                $"{ratio:F2}",
                step == first ? $"" : $"{(ratio >= 1 - Aim ? "reached" : "missed")}",
                $"{step.Rounds.Sum(sample => sample.Failed)}");

            double Median(Func<ScaleSample, double> value) => Medians.Of(step.Rounds.Select(value));
        }

        return $"""
            {Machine.Describe()}. {options.Rounds} rounds of {options.Seconds} s,
            {options.Rate ?? DefaultRate} requests/s for each edge from {Clients} clients.

            {table}
            """;
    }
}
