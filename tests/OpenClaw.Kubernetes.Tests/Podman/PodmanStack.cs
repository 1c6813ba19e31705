using System.Globalization;
using k8s;
using k8s.Models;
using OpenClaw.TestServers;

[assembly: AssemblyFixture(typeof(OpenClaw.Kubernetes.Tests.Podman.PodmanStack))]

namespace OpenClaw.Kubernetes.Tests.Podman;

/// <summary>The production overlay's containers, run by eng/podman/play.sh for as long as the tests last.</summary>
public sealed class PodmanStack : IAsyncDisposable
{
    private static readonly string Script = Repository.At("eng/podman/play.sh");

    private readonly string _name = $"openclaw-test-{Environment.ProcessId}";
    private readonly Lazy<Task> _started;
    private string? _unable;

    public PodmanStack() => _started = new Lazy<Task>(StartAsync);

    private string AnotherImage => $"localhost/openclaw/edge:{_name}";

    /// <summary>Address of the edge.</summary>
    internal Uri Edge { get; private set; } = null!;

    /// <summary>Address of the edge's management listener.</summary>
    internal Uri Management { get; private set; } = null!;

    /// <summary>Address of the console.</summary>
    internal Uri Console { get; private set; } = null!;

    /// <summary>Starts the containers for the first test that needs them. Skips the test, in CI too, where containers cannot run: the
    /// reason is not the project's.</summary>
    internal async Task RequireAsync()
    {
        await _started.Value;
        Assert.SkipWhen(_unable is not null, _unable ?? "");
    }

    public async ValueTask DisposeAsync()
    {
        if (Edge is not null)
        {
            await Tool.RunAsync("bash", [Script, "down", _name]);
            await PodmanAsync("image", "rm", "--force", AnotherImage);
        }
    }

    private async Task StartAsync()
    {
        if (Tool.Find("podman") is null || Tool.Find("bash") is null)
        {
            _unable = "This test needs podman (apt-get install podman runc catatonit containernetworking-plugins iptables).";
            return;
        }

        (int port, int management, int console) = (LoopbackPort.Free(), LoopbackPort.Free(), LoopbackPort.Free());
        // Compiling ahead of time changes how soon they start, and takes most of the time that making them does. The build of this project
        // has built them.
        Dictionary<string, string> environment =
            new() { ["CONFIGURATION"] = Configuration, ["NO_BUILD"] = "true", ["PublishReadyToRun"] = "false" };
        string[] arguments = [Script, "up", _name, $"{port}", $"{management}", $"{console}"];
        Tool.Result result = await Tool.RunAsync("bash", arguments, environment: environment, seconds: 600);
        if (result.ExitCode == 3)
        {
            _unable = $"This machine cannot run the containers: {result.Error.Trim()}";
            return;
        }

        Edge = new Uri(result.Successful().Trim());
        Management = new UriBuilder(Edge) { Port = management }.Uri;
        Console = new UriBuilder(Edge) { Port = console }.Uri;
        using HttpClient client = new() { BaseAddress = Management, Timeout = TimeSpan.FromSeconds(2) };
        await UntilAsync(() => client.GetStringAsync("/health"), health => health == "Healthy");
    }

    /// <summary>The container of a workload.</summary>
    internal string Container(string workload) =>
        workload is "redis" or "console" ? $"{_name}-{workload}-{workload}" : $"{_name}-{workload}-pod-0-{workload}";

    /// <summary>Starts one more edge from the same document, of an image that is labelled as another version, and waits until it is
    /// ready.</summary>
    internal async Task<(string Pod, Uri Address)> StartAnotherEdgeAsync(string version)
    {
        string state = Path.Combine(Cache, _name);
        object[] documents = [.. KubernetesYaml.LoadAllFromString(File.ReadAllText(Path.Combine(state, "play.yaml")))];
        V1Deployment edge = documents.OfType<V1Deployment>().Single(d => d.Metadata.Name == $"{_name}-edge");
        edge.Metadata.Name = $"{_name}-another";
        V1PodSpec pod = edge.Spec.Template.Spec;
        V1Container container = pod.Containers.Single();
        foreach (V1Volume volume in pod.Volumes.Where(v => v.EmptyDir is not null))
        {
            string name = $"{edge.Metadata.Name}-{volume.Name}";
            container.VolumeMounts.Single(m => m.Name == volume.Name).Name = name;
            volume.Name = name;
        }

        string lines = $"FROM {container.Image}\\nLABEL org.opencontainers.image.version={version}\\n";
        container.Image = AnotherImage;
        (await ShellAsync($"printf '{lines}' | podman build -q -t {AnotherImage} -f - {state}")).Successful();
        foreach (V1ContainerPort port in container.Ports)
        {
            port.HostPort = LoopbackPort.Free();
        }

        string file = Path.Combine(state, "another.yaml");
        object[] played = [.. documents.OfType<V1ConfigMap>(), edge];
        File.WriteAllText(file, string.Join("\n---\n", played.Select(d => KubernetesYaml.Serialize(d))));
        string own = $"{edge.Metadata.Name}-pod-0";
        File.AppendAllLines(Path.Combine(state, "names"), [own]);
        string redis = pod.HostAliases.Single(a => a.Hostnames.Contains("redis")).Ip;
        string address = $"{redis[..redis.LastIndexOf('.')]}.30";
        (await PodmanAsync("kube", "play", "-q", "--network", _name, "--ip", address, file)).Successful();
        using HttpClient client = new() { BaseAddress = AddressOf("management"), Timeout = TimeSpan.FromSeconds(2) };
        await UntilAsync(() => client.GetStringAsync("/health"), health => health == "Healthy");
        return (own, AddressOf("http"));

        Uri AddressOf(string port) => new UriBuilder(Edge) { Port = container.Ports.Single(p => p.Name == port).HostPort!.Value }.Uri;
    }

    /// <summary>Stops Redis as the cluster does, with SIGTERM and thirty seconds, and its pod with it: podman stops a pod whose only
    /// container has stopped.</summary>
    /// <returns>Redis' exit code.</returns>
    internal async Task<int> StopRedisAsync()
    {
        string redis = Container("redis");
        string infra = (await PodmanAsync("pod", "inspect", RedisPod, "--format", "{{.InfraContainerID}}")).Successful().Trim();
        string[] monitors = (await PodmanAsync("inspect", redis, infra, "--format", "{{.State.ConmonPid}}")).Successful()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        (await PodmanAsync("pod", "stop", "--time", "30", RedisPod)).Successful();

        // The container's monitor then runs a clean-up of its own, which stops the pod once more, even one that has been started again in
        // the meantime.
        await UntilAsync(
            () => Task.FromResult(string.Concat(monitors.Select(StateOf))), states => states.All(state => state is Gone or Defunct));
        return int.Parse((await PodmanAsync("inspect", redis, "--format", "{{.State.ExitCode}}")).Successful(),
            CultureInfo.InvariantCulture);
    }

    internal async Task StartRedisAsync() => (await PodmanAsync("pod", "start", RedisPod)).Successful();

    internal static Task<Tool.Result> PodmanAsync(params string[] arguments) => RunAsync("podman", arguments);

    /// <summary>Runs a shell's command line with podman in it.</summary>
    internal static Task<Tool.Result> ShellAsync(string commandLine) => RunAsync("sh", "-c", commandLine);

    private static Task<Tool.Result> RunAsync(string program, params string[] arguments) => Tool.RunAsync(
        program,
        arguments,
        environment: new Dictionary<string, string> { ["CONTAINERS_CONF"] = Path.Combine(Cache, "containers.conf") });

#if DEBUG
    internal const string Configuration = "Debug";
#else
    internal const string Configuration = "Release";
#endif

    /// <summary>Asks until the answer is the wanted one, for at most a minute. An edge that does not answer counts as "not yet".</summary>
    internal static async Task UntilAsync(Func<Task<string>> ask, Predicate<string> wanted)
    {
        DateTime deadline = DateTime.UtcNow.AddMinutes(1);
        while (true)
        {
            string seen;
            try
            {
                seen = await ask();
                if (wanted(seen))
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                seen = exception.Message;
            }

            Assert.True(DateTime.UtcNow < deadline, $"Not within a minute; the last answer was: {seen}");
            await Task.Delay(200);
        }
    }

    private static string Cache { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "openclaw/podman");

    private string RedisPod => $"{_name}-redis";

    private const char Gone = '-';
    private const char Defunct = 'Z';

    /// <summary>State of a process as Linux calls it. One that has ended is defunct until its parent takes notice.</summary>
    private static char StateOf(string process)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return Gone;
        }
    }
}
