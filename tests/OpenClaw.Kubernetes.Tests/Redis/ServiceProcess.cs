using System.Collections.Concurrent;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Podman;
using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.TestServers;

namespace OpenClaw.Kubernetes.Tests.Redis;

/// <summary>Edge or notifier as a process of this machine, with the environment of its container.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly HttpClient _management;
    private readonly ChildProcess _process;

    private ServiceProcess(ChildProcess process, ConcurrentQueue<string> lines, Uri address, Uri management)
    {
        _process = process;
        _lines = lines;
        Address = address;
        _management = new HttpClient { BaseAddress = management, Timeout = TimeSpan.FromSeconds(2) };
    }

    /// <summary>Address of the public listener.</summary>
    public Uri Address { get; }

    /// <summary>What it has logged.</summary>
    public string Log => string.Join('\n', _lines);

    /// <summary>Starts the service of a workload.</summary>
    /// <param name="set">The rendered overlay.</param>
    /// <param name="workload">Name of the workload.</param>
    /// <param name="redis">Turns the connection string of the example into the one to use.</param>
    /// <param name="adapt">Further changes of the environment.</param>
    public static async Task<ServiceProcess> StartAsync(
        ManifestSet set, string workload, Func<string, string> redis, Action<V1Container, Dictionary<string, string>>? adapt = null)
    {
        V1Container container = set.Workloads.Single(w => w.Name == workload).Containers.Single();
        Dictionary<string, string> environment = new(Workload.Environment(set, container));
        environment["ConnectionStrings__redis"] = redis(environment["ConnectionStrings__redis"]);
        (Uri address, Uri management) = (Free(), Free());
        environment["ASPNETCORE_URLS"] = address.GetLeftPart(UriPartial.Authority);
        environment["OpenClaw__Management__Address"] = management.Host;
        environment["OpenClaw__Management__Port"] = $"{management.Port}";
        adapt?.Invoke(container, environment);
        string project = workload == "edge" ? "OpenClaw.Edge" : "OpenClaw.Notifier";
        string folder = Repository.At($"{project}/bin/{PodmanStack.Configuration}/net10.0");
        ConcurrentQueue<string> lines = [];
        ChildProcess process = await ChildProcess.StartAsync("dotnet", [$"{project}.dll"], folder, environment, lines.Enqueue);
        return new ServiceProcess(process, lines, address, management);

        static Uri Free() => new($"http://127.0.0.1:{LoopbackPort.Free()}");
    }

    /// <summary>Waits until health or log say something.</summary>
    public Task UntilAsync(string sentence) => PodmanStack.UntilAsync(
        async () =>
        {
            using HttpResponseMessage answer = await _management.GetAsync("/health");
            return $"{await answer.Content.ReadAsStringAsync()}\n{Log}";
        },
        seen => seen.Contains(sentence));

    public void Dispose()
    {
        _process.Dispose();
        _management.Dispose();
    }
}
