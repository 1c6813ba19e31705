using System.Net.Http.Headers;
using System.Text.Json;
using OpenClaw.TestServers;

namespace OpenClaw.Soak.Tests.Edges;

/// <summary>One edge, as a process of its own.</summary>
internal sealed class EdgeNode : IDisposable
{
    private const string AdminKey = "soak-admin-key-soak-admin-key-soak";

    private readonly ChildProcess _process;
    private readonly HttpClient _admin;

    private EdgeNode(string name, ChildProcess process, int port, int managementPort, EdgeLog log)
    {
        Name = name;
        _process = process;
        Port = port;
        Log = log;
        Resources = new ResourceLog(name, process.Id);
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _admin = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{managementPort}"), Timeout = TimeSpan.FromSeconds(5) };
        _admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
    }

    public string Name { get; }

    public int Port { get; }

    public HttpClient Client { get; }

    public EdgeLog Log { get; }

    public ResourceLog Resources { get; }

    public bool HasExited => _process.HasExited;

    public static async Task<EdgeNode> StartAsync(string name, string redis, EdgeSettings settings, int edges)
    {
        int port = LoopbackPort.Free(), managementPort = LoopbackPort.Free();
        EdgeLog log = new(name);
        Dictionary<string, string> environment = new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["ConnectionStrings__redis"] = redis,
            ["OpenClaw__Edge__ClientAddress__TrustedNetworks__0"] = "127.0.0.0/8",
            ["OpenClaw__Edge__Limiter__ReplicaName"] = name,
            ["OpenClaw__Edge__Limiter__AssumedReplicas"] = $"{edges}",
            // Long enough that two busy processors are no outage; what is late all the same is counted by its source.
            ["OpenClaw__Edge__Limiter__Deadline"] = "00:00:00.250",
            ["OpenClaw__Edge__Admin__Key"] = AdminKey,
            ["OpenClaw__Management__Port"] = $"{managementPort}",
            ["OpenClaw__Metrics__Prometheus__Enabled"] = "true",
            ["DOTNET_gcServer"] = "0",
            // 16 MB: collections come often enough for memory to settle within the first minutes.
            ["DOTNET_GCgen0size"] = "1000000",
        };
        ChildProcess process = await ChildProcess.StartAsync(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "OpenClaw.Edge.dll")], settings.Folder, environment, log.Add);
        EdgeNode edge = new(name, process, port, managementPort, log);
        try
        {
            await Poll.UntilAsync($"{name} answers", async () =>
            {
                if (process.HasExited)
                {
                    throw new InvalidOperationException($"{name} exited: {log.Tail()}");
                }

                using HttpRequestMessage request = new(HttpMethod.Get, $"/{SoakPolicy.FileMarker}/");
                using HttpResponseMessage response = await edge.Client.SendAsync(request);
                return response.IsSuccessStatusCode;
            }, TimeSpan.FromSeconds(60));
            return edge;
        }
        catch
        {
            edge.Dispose();
            throw;
        }
    }

    /// <summary>Tokens left in the bucket of a policy's client; null unless Redis said so.</summary>
    public async Task<long?> RemainingAsync(SoakPolicy policy)
    {
        using JsonDocument answer = JsonDocument.Parse(
            await _admin.GetStringAsync($"/buckets?partition=a:{policy.Address}&policy={policy.Name}"));
        JsonElement partition = answer.RootElement.EnumerateArray().Single();
        JsonElement source = partition.GetProperty("source");
        bool isStore = source.ValueKind == JsonValueKind.Number
            ? source.GetInt32() == 0
            : source.GetString()!.Equals("store", StringComparison.OrdinalIgnoreCase);
        return isStore ? partition.GetProperty("buckets").EnumerateArray().Single().GetProperty("remaining").GetInt64() : null;
    }

    public async Task<EdgeNumbers> ScrapeAsync() => EdgeNumbers.Parse(await _admin.GetStringAsync("/metrics"));

    public void Dispose()
    {
        _process.Dispose();
        Client.Dispose();
        _admin.Dispose();
    }
}
