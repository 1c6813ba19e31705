using System.Globalization;
using System.Net;
using System.Net.Sockets;

[assembly: AssemblyFixture(typeof(OpenClaw.Kubernetes.Tests.Podman.PodmanStack))]

namespace OpenClaw.Kubernetes.Tests.Podman;

/// <summary>The production overlay's containers, run by eng/podman/play.sh for as long as the tests last.</summary>
public sealed class PodmanStack : IAsyncLifetime
{
    private static readonly string Script = Repository.At("eng/podman/play.sh");

    private readonly string _name = $"openclaw-test-{Environment.ProcessId}";
    private string? _unable;

    /// <summary>Address of the edge.</summary>
    internal Uri Edge { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (Tool.Find("podman") is null || Tool.Find("bash") is null)
        {
            _unable = "This test needs podman (apt-get install podman runc catatonit containernetworking-plugins iptables).";
            return;
        }

        int port = FreePort();
        Dictionary<string, string> environment = new() { ["CONFIGURATION"] = Configuration };
        Tool.Result result = await Tool.RunAsync("bash", [Script, "up", _name, port.ToString(CultureInfo.InvariantCulture)], environment: environment, seconds: 600);
        if (result.ExitCode == 3)
        {
            _unable = $"This machine cannot run the containers: {result.Error.Trim()}";
            return;
        }

        Edge = new Uri(result.Successful().Trim());
        using HttpClient client = new() { BaseAddress = Edge, Timeout = TimeSpan.FromSeconds(2) };
        await UntilAsync(async () => await client.GetStringAsync("/health") == "Healthy");
    }

    public async ValueTask DisposeAsync()
    {
        if (Edge is not null)
        {
            await Tool.RunAsync("bash", [Script, "down", _name]);
        }
    }

    /// <summary>Skips the test, in CI too, where containers cannot run: the reason is not the project's.</summary>
    internal void Require() => Assert.SkipWhen(_unable is not null, _unable ?? "");

    /// <summary>The container of a workload.</summary>
    internal string Container(string workload) => workload == "redis" ? $"{_name}-redis-redis" : $"{_name}-{workload}-pod-0-{workload}";

    /// <summary>Redis' pod. When its only container stops, podman stops the pod and takes its network away.</summary>
    internal string RedisPod => $"{_name}-redis";

    internal static Task<Tool.Result> PodmanAsync(params string[] arguments)
    {
        string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Tool.RunAsync("podman", arguments, environment: new Dictionary<string, string> { ["CONTAINERS_CONF"] = Path.Combine(cache, "openclaw/podman/containers.conf") });
    }

#if DEBUG
    internal const string Configuration = "Debug";
#else
    internal const string Configuration = "Release";
#endif

    /// <summary>Asks until it holds, for at most a minute. An edge that does not answer counts as "not yet".</summary>
    internal static async Task UntilAsync(Func<Task<bool>> condition)
    {
        DateTime deadline = DateTime.UtcNow.AddMinutes(1);
        while (true)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
            }

            Assert.True(DateTime.UtcNow < deadline, "not within a minute");
            await Task.Delay(200);
        }
    }

    internal static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
