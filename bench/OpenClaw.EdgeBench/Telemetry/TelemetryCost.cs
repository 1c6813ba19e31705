using OpenClaw.EdgeBench.Load;
using OpenClaw.EdgeBench.Reports;
using OpenClaw.EdgeBench.Servers;
using OpenClaw.EdgeBench.Targets;

namespace OpenClaw.EdgeBench.Telemetry;

/// <summary>Measures the cost of telemetry: edges with and without it, each with its own Redis, in interleaved
/// rounds.</summary>
internal static class TelemetryCost
{
    private const double Aim = 1.03;
    private const int Clients = 10_000;
    private static readonly TimeSpan ScrapeInterval = TimeSpan.FromSeconds(1);

    public static async Task<string> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        Machine.Require("redis-server");
        using OtlpSink sink = new();
        Dictionary<string, string> prometheus = new() { ["OpenClaw__Metrics__Prometheus__Enabled"] = "true" };
        Dictionary<string, string> otlp = new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Url.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
        };
        EdgeSetup edge = new("edge") { Limits = Limits.Allow };
        TelemetryRow[] rows =
        [
            new("none", edge, false),
            new("Prometheus, scraped every second", edge with { Environment = prometheus }, true),
            new("OTLP: metrics every second, sampled traces, logs", edge with { Environment = otlp }, false),
            new("both", edge with { Environment = new Dictionary<string, string>(prometheus.Concat(otlp)) }, true),
        ];

        using ServerGroup servers = new();
        Server ratingApi = servers.Add(await EdgeTargets.StartRatingApiAsync(http2: false, cancellationToken));
        Dictionary<TelemetryRow, (Server Edge, Server Redis)> running = [];
        foreach (TelemetryRow row in rows)
        {
            Server redis = servers.Add((await RedisServer.StartAsync(cancellationToken)).Server);
            running[row] = (servers.Add(await row.Setup.StartAsync($"127.0.0.1:{redis.Port}", ratingApi, cancellationToken)), redis);
            Console.Error.WriteLine($"warm-up: {row.Name}");
            await RunAsync(row, options.WarmUpSeconds);
        }

        for (int round = 1; round <= options.Rounds; round++)
        {
            foreach (TelemetryRow row in round % 2 == 1 ? rows : rows.Reverse())
            {
                (double perSecond, double cost) = await RunAsync(row, options.Seconds);
                row.PerSecond.Add(perSecond);
                row.Cost.Add(cost);
                Console.Error.WriteLine($"{round}/{options.Rounds} {row.Name}: {perSecond:F0}/s, {cost:F1} µs");
            }
        }

        return sink.Received > 0
            ? Report(rows, options)
            : throw new InvalidOperationException("Nothing was exported by OTLP: the figures would not be of what they say.");

        async Task<(double PerSecond, double Cost)> RunAsync(TelemetryRow row, int seconds)
        {
            (Server edge, Server redis) = running[row];
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task scraping = row.IsScraped ? ScrapeAsync(edge, end.Token) : Task.CompletedTask;
            TimeSpan before = edge.CpuTime + redis.CpuTime;
            LoadResult result = await LoadGenerator.RunAsync(
                new LoadPlan { Urls = [edge.Url], Duration = TimeSpan.FromSeconds(seconds), Clients = Clients }, cancellationToken);
            double cost = (edge.CpuTime + redis.CpuTime - before).TotalMicroseconds / result.Total.Latencies.Count;
            await end.CancelAsync();
            await scraping;
            return (result.PerSecond, cost);
        }
    }

    private static async Task ScrapeAsync(Server edge, CancellationToken cancellationToken)
    {
        using HttpClient http = new();
        using PeriodicTimer timer = new(ScrapeInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await http.GetStringAsync(new Uri(edge.ManagementUrl, "/metrics"), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The round is over.
        }
    }

    private static string Report(IReadOnlyList<TelemetryRow> rows, BenchOptions options)
    {
        Table table = new("Telemetry", "requests/s", "edge and Redis µs", "to none", "lowest to highest", $"aim {Aim:0.00}");
        foreach (TelemetryRow row in rows)
        {
            double[] ratios = [.. row.Cost.Zip(rows[0].Cost, (own, its) => own / its).Order()];
            double ratio = Medians.Of(ratios);
            bool isBase = row == rows[0];
            table.Row(
                row.Name,
                $"{Medians.Of(row.PerSecond):F0}",
                $"{Medians.Of(row.Cost):F1}",
                isBase ? $"" : $"{ratio:F2}",
                isBase ? $"" : $"{ratios[0]:F2} to {ratios[^1]:F2}",
                isBase ? $"" : $"{(ratio <= Aim ? "reached" : "missed")}");
        }

        return $"""
            {Machine.Describe()}. {options.Rounds} rounds of {options.Seconds} s, 64 connections, 10 000 clients, saturated.

            {table}
            """;
    }
}
