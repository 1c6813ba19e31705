using System.Globalization;
using OpenClaw.EdgeBench.Load;
using OpenClaw.EdgeBench.Reports;
using OpenClaw.EdgeBench.Servers;
using OpenClaw.EdgeBench.Targets;

namespace OpenClaw.EdgeBench.Memory;

/// <summary>Measures an edge's memory in a container of 256 MiB: when ready, under load, idle afterwards, and after a million clients, and
/// the effect of runtime settings.</summary>
internal static class MemoryUse
{
    private const int ManyClients = 10_000;
    private const int MillionClients = 1_000_000;
    private const int Addresses = 65_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);
    private const long Limit = 256L << 20;
    private const string Committed = "dotnet_gc_last_collection_memory_committed_size_bytes";

    private static readonly MemoryVariant[] Variants =
    [
        new("as shipped"),
        new("MALLOC_ARENA_MAX=2", ("MALLOC_ARENA_MAX", "2")),
        new("TieredPGO off", ("DOTNET_TieredPGO", "0")),
        new("workstation collector", ("DOTNET_gcServer", "0")),
        new("conserve memory", ("DOTNET_GCConserveMemory", "7")),
        new("no write-xor-execute", ("DOTNET_EnableWriteXorExecute", "0")),
    ];

    public static async Task<string> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        Machine.Require("redis-server");
        using ServerGroup upstream = new();
        Server ratingApi = upstream.Add(await EdgeTargets.StartRatingApiAsync(http2: false, cancellationToken));
        MemoryVariant[] variants = [.. Variants.Where(variant => options.Only.IsMatch(variant.Name))];
        bool isWhole = true;
        foreach (MemoryVariant variant in variants)
        {
            using MemoryLimit limit = new(Limit);
            isWhole &= limit.IsWhole;
            await MeasureAsync(variant, limit, ratingApi, options, cancellationToken);
            Console.Error.WriteLine($"{variant.Name}: {variant.Million}");
        }

        return Report(variants, isWhole, options);
    }

    private static async Task MeasureAsync(
        MemoryVariant variant, MemoryLimit limit, Server ratingApi, BenchOptions options, CancellationToken cancellationToken)
    {
        using ServerGroup servers = new();
        RedisServer redis = await RedisServer.StartAsync(cancellationToken);
        servers.Add(redis.Server);
        Dictionary<string, string> environment = new(limit.Variables) { ["OpenClaw__Metrics__Prometheus__Enabled"] = "true" };
        foreach ((string name, string value) in variant.Variables)
        {
            environment[name] = value;
        }

        EdgeSetup setup = new(variant.Name) { Limits = Limits.Allow, Prefix = limit.Prefix, Environment = environment };
        Server edge = servers.Add(await setup.StartAsync($"127.0.0.1:{redis.Server.Port}", ratingApi, cancellationToken));
        variant.Ready = MemoryMap.Of(edge.Id);

        LoadPlan plan = new() { Urls = [edge.Url], Clients = ManyClients, Duration = TimeSpan.FromSeconds(options.WarmUpSeconds) };
        await LoadGenerator.RunAsync(plan, cancellationToken);
        TimeSpan before = edge.CpuTime;
        LoadResult loaded = await LoadGenerator.RunAsync(plan with { Duration = TimeSpan.FromSeconds(options.Seconds) }, cancellationToken);
        variant.Cost = (edge.CpuTime - before).TotalMicroseconds / loaded.Total.Latencies.Count;
        variant.PerSecond = loaded.PerSecond;
        variant.Loaded = MemoryMap.Of(edge.Id);
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds), cancellationToken);
        variant.Idle = MemoryMap.Of(edge.Id);

        TimeSpan time = TimeSpan.FromSeconds(MillionClients / loaded.PerSecond * 1.1);
        LoadPlan million = plan with { Clients = MillionClients, Addresses = Addresses, Duration = time < Longest ? time : Longest };
        variant.Seen = Math.Min(MillionClients, (await LoadGenerator.RunAsync(million, cancellationToken)).Total.Latencies.Count);
        variant.Million = MemoryMap.Of(edge.Id);
        variant.Heap = await HeapAsync(edge, cancellationToken);
    }

    private static async Task<double> HeapAsync(Server edge, CancellationToken cancellationToken)
    {
        using HttpClient http = new();
        string metrics = await http.GetStringAsync(new Uri(edge.ManagementUrl, "/metrics"), cancellationToken);
        string? line = metrics.Split('\n').FirstOrDefault(line => line.StartsWith(Committed, StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture) / (1 << 20);
    }

    private static string Report(IReadOnlyList<MemoryVariant> variants, bool isWhole, BenchOptions options)
    {
        Table table = new(
            "Edge", "ready", "under load", "idle", "clients seen", "then", "of it managed heap", "code", "files", "other native",
            "requests/s", "edge µs");
        foreach (MemoryVariant variant in variants)
        {
            MemoryMap million = variant.Million!;
            table.Row(
                variant.Name,
                $"{variant.Ready!.Resident:F0}",
                $"{variant.Loaded!.Resident:F0}",
                $"{variant.Idle!.Resident:F0}",
                $"{variant.Seen}",
                $"{million.Resident:F0}",
                $"{variant.Heap:F0}",
                $"{million.Code:F0}",
                $"{million.Files:F0}",
                $"{million.Anonymous - variant.Heap:F0}",
                $"{variant.PerSecond:F0}",
                $"{variant.Cost:F1}");
        }

        return $"""
            {Machine.Describe()}. Resident MiB of one edge
            {(isWhole ? "in a control group of 256 MiB" : "with a managed heap of at most 192 MiB")},
            after {options.WarmUpSeconds + options.Seconds} s of 10 000 clients over 64 connections,
            and after up to a million clients from {Addresses} addresses.

            {table}
            """;
    }
}
