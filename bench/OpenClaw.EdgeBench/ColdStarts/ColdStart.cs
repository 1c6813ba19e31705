using System.Diagnostics;
using OpenClaw.EdgeBench.Load;
using OpenClaw.EdgeBench.Reports;
using OpenClaw.EdgeBench.Servers;
using OpenClaw.EdgeBench.Targets;

namespace OpenClaw.EdgeBench.ColdStarts;

/// <summary>Starts the published edge again and again, compiled ahead of time and not, each time with an empty Redis, and loads it from
/// the moment it is ready.</summary>
internal static class ColdStart
{
    private const int DefaultRate = 2000;
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task<string> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        Machine.Require("redis-server");
        string folder = Directory.CreateTempSubdirectory("openclaw-cold-").FullName;
        try
        {
            PublishedEdge[] edges =
            [
                await PublishedEdge.PublishAsync("compiled ahead of time (as in the image)", folder, true, cancellationToken),
                await PublishedEdge.PublishAsync("compiled at run time", folder, false, cancellationToken),
            ];
            Dictionary<PublishedEdge, List<ColdSample>> samples = edges.ToDictionary(edge => edge, _ => new List<ColdSample>());
            using ServerGroup upstream = new();
            Server ratingApi = upstream.Add(await EdgeTargets.StartRatingApiAsync(http2: false, cancellationToken));
            // Also compiles the generator itself.
            await LoadGenerator.RunAsync(PlanOf(ratingApi, options, options.WarmUpSeconds), cancellationToken);
            for (int round = 1; round <= options.Rounds; round++)
            {
                foreach (PublishedEdge edge in round % 2 == 1 ? edges : edges.Reverse())
                {
                    ColdSample sample = await MeasureAsync(edge, ratingApi, options, cancellationToken);
                    samples[edge].Add(sample);
                    Console.Error.WriteLine($"{round}/{options.Rounds} {edge.Name}: {sample}");
                }
            }

            return Report(edges, samples, options);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<ColdSample> MeasureAsync(
        PublishedEdge published, Server ratingApi, BenchOptions options, CancellationToken cancellationToken)
    {
        using ServerGroup servers = new();
        RedisServer redis = await RedisServer.StartAsync(cancellationToken);
        servers.Add(redis.Server);
        EdgeSetup setup = new("edge") { Limits = Limits.Allow, Folder = published.Folder };
        Server edge = servers.Add(await setup.StartAsync($"127.0.0.1:{redis.Server.Port}", ratingApi, cancellationToken));
        await WaitUntilReadyAsync(edge, cancellationToken);
        TimeSpan ready = Stopwatch.GetElapsedTime(edge.StartedAt), work = edge.CpuTime;

        LoadPlan once = PlanOf(edge, options, 0) with { Connections = 1, Rate = 1, Duration = TimeSpan.FromMilliseconds(1) };
        LoadSlot first = (await LoadGenerator.RunAsync(once, cancellationToken)).Total;
        LoadPlan plan = PlanOf(edge, options, Early.TotalSeconds + options.WarmUpSeconds + options.Seconds);
        LoadResult result = await LoadGenerator.RunAsync(plan, cancellationToken);
        LoadSlot early = result.Between(TimeSpan.Zero, Early);
        return new ColdSample(
            ready.TotalMilliseconds,
            work.TotalMilliseconds,
            first.Latencies.Percentile(1),
            early.Latencies.Percentile(0.99),
            early.Latencies.Percentile(0.5),
            result.Between(plan.Duration - TimeSpan.FromSeconds(options.Seconds), plan.Duration).Latencies.Percentile(0.99),
            result.Total.Failed + first.Failed);
    }

    private static LoadPlan PlanOf(Server server, BenchOptions options, double seconds) => new()
    {
        Urls = [server.Url],
        Rate = options.Rate ?? DefaultRate,
        Duration = TimeSpan.FromSeconds(seconds),
        Slot = TimeSpan.FromMilliseconds(100),
        Clients = 100,
    };

    private static async Task WaitUntilReadyAsync(Server edge, CancellationToken cancellationToken)
    {
        using HttpClient http = new();
        while (true)
        {
            using HttpResponseMessage health = await http.GetAsync(new Uri(edge.ManagementUrl, "/health"), cancellationToken);
            if (health.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static string Report(
        IReadOnlyList<PublishedEdge> edges, Dictionary<PublishedEdge, List<ColdSample>> samples, BenchOptions options)
    {
        Table table = new(
            "Published edge", "size MB", "ready ms", "first request ms", "p50 ms, first 2 s", "p99 ms, first 2 s", "p99 ms, steady",
                "p99 ÷ steady",
            "processor ms to ready", "failed");
        foreach (PublishedEdge edge in edges)
        {
            IReadOnlyList<ColdSample> of = samples[edge];
            table.Row(
                edge.Name,
                $"{edge.Size / 1e6:F1}",
                $"{Median(s => s.Ready):F0}",
                $"{Median(s => s.First):F1}",
                $"{Median(s => s.EarlyMedian):F2}",
                $"{Median(s => s.Early):F2}",
                $"{Median(s => s.Steady):F2}",
                $"{Median(s => s.Early / s.Steady):F1}",
                $"{Median(s => s.Work):F0}",
                $"{of.Sum(s => s.Failed)}");

            double Median(Func<ColdSample, double> value) => Medians.Of(of.Select(value));
        }

        return $"""
            {Machine.Describe()}. {options.Rounds} starts each, then {options.Rate ?? DefaultRate} requests/s of 100 clients.

            {table}
            """;
    }
}
