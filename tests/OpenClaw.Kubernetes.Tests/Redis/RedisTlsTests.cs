using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Podman;
using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.Kubernetes.Tests.Rendering.Extensions;
using OpenClaw.TestServers;

namespace OpenClaw.Kubernetes.Tests.Redis;

/// <summary>components/redis-tls with a real server and real clients: Redis with the component's settings, edge and notifier with the
/// environment of their containers.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class RedisTlsTests(Overlays overlays) : IAsyncDisposable
{
    private const string Overlay = "production+redis-tls+redis-tls-cert-manager";

    // Stands for the Service "redis" on this machine.
    private const string Host = "localhost";

    private readonly RedisPod _pod = new();
    private readonly Authority _authority = new();

    public async ValueTask DisposeAsync()
    {
        _authority.Dispose();
        await _pod.DisposeAsync();
    }

    [Theory]
    [InlineData("edge", "OpenClaw.Edge")]
    [InlineData("notifier", "OpenClaw.Notifier")]
    public async Task Service_AuthorityThatSignedTheCertificate_Connects(string workload, string project)
    {
        await StartRedisAsync();
        _authority.Write(Mounted);
        (string health, _) = await StartServiceAsync(workload, project, "Healthy");
        Assert.Equal("Healthy", health);
    }

    [Theory]
    [InlineData("edge", "OpenClaw.Edge", "Redis does not decide (connection: TLS: The remote certificate is invalid")]
    [InlineData("notifier", "OpenClaw.Notifier", "TLS to Redis failed: The remote certificate is invalid")]
    public async Task Service_AnotherAuthority_SaysSo(string workload, string project, string sentence)
    {
        await StartRedisAsync();
        using Authority other = new();
        other.Write(Mounted);
        (_, string log) = await StartServiceAsync(workload, project, sentence);
        Assert.Matches($@"{Regex.Escape(sentence)}.* chain: (UntrustedRoot|PartialChain|NotSignatureValid)", log);
    }

    [Fact]
    public async Task Edge_CertificateForAnotherName_SaysSo()
    {
        await StartRedisAsync("redis");
        _authority.Write(Mounted);
        (_, string log) = await StartServiceAsync("edge", "OpenClaw.Edge", "TLS:");
        Assert.Contains("RemoteCertificateNameMismatch", log);
    }

    [Fact]
    public async Task Scripts_OverTls_ProbeBackUpAndRefuseAnotherAuthority()
    {
        await StartRedisAsync();
        Assert.NotEqual("", (await _pod.ScriptAsync("backup.sh")).Successful());
        using Authority other = new();
        other.Write(_pod.At("tls"));
        Assert.NotEqual(0, (await _pod.ScriptAsync("probe.sh alive")).ExitCode);
    }

    private string Mounted => _pod.At("redis-ca");

    /// <summary>Starts Redis with a certificate for what the component's own certificate is for.</summary>
    private async Task StartRedisAsync(params string[] names)
    {
        ManifestSet set = await overlays.RenderAsync(Overlay);
        Certificate certificate = set.All<Certificate>().Single(c => c.Spec.SecretName == "redis-tls");
        _authority.Write(_pod.At("tls"), names is [] ? [.. certificate.Spec.DnsNames, Host] : names);
        _pod.MountTls();
        V1Container redis = set.Workloads.Single(w => w.Name == "redis").Containers.Single();
        _pod.Set("REDIS_CLIENT_OPTIONS", Workload.Environment(set, redis)["REDIS_CLIENT_OPTIONS"]);
        await _pod.StartAsync();
    }

    /// <summary>Runs a service until its health or its log says what is awaited.</summary>
    private async Task<(string Health, string Log)> StartServiceAsync(string workload, string project, string awaited)
    {
        ManifestSet set = await overlays.RenderAsync(Overlay);
        V1Container container = set.Workloads.Single(w => w.Name == workload).Containers.Single();
        Dictionary<string, string> environment = new(Workload.Environment(set, container));
        V1VolumeMount mount = container.VolumeMounts.Single(m => m.Name == "redis-ca");
        environment["SSL_CERT_DIR"] = environment["SSL_CERT_DIR"].Replace(mount.MountPath, Mounted);
        // What secrets/*.env.example says to append.
        environment["ConnectionStrings__redis"] = environment["ConnectionStrings__redis"]
            .Replace("redis:6379", $"{Host}:{_pod.Port}").Replace(Overlays.Secret, RedisPod.PasswordOf(workload)) + ",ssl=true";
        (int port, int management) = (LoopbackPort.Free(), LoopbackPort.Free());
        environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        environment["OpenClaw__Management__Address"] = "127.0.0.1";
        environment["OpenClaw__Management__Port"] = $"{management}";
        ConcurrentQueue<string> lines = [];
        string folder = Repository.At($"{project}/bin/{PodmanStack.Configuration}/net10.0");
        using ChildProcess service =
            await ChildProcess.StartAsync("dotnet", [$"{project}.dll"], folder, environment, line => lines.Enqueue(line));
        using HttpClient client = new() { BaseAddress = new Uri($"http://127.0.0.1:{management}"), Timeout = TimeSpan.FromSeconds(2) };
        string health = "";
        await PodmanStack.UntilAsync(
            async () =>
            {
                using HttpResponseMessage answer = await client.GetAsync("/health");
                health = await answer.Content.ReadAsStringAsync();
                return $"{health}\n{string.Join('\n', lines)}";
            },
            seen => seen.Contains(awaited));
        return (health, string.Join('\n', lines));
    }
}
