using System.Text.RegularExpressions;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.Kubernetes.Tests.Rendering.Extensions;

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
    [InlineData("edge")]
    [InlineData("notifier")]
    public async Task Service_AuthorityThatSignedTheCertificate_Connects(string workload)
    {
        await StartRedisAsync();
        // As while one authority takes the place of another.
        using Authority other = new();
        other.Write(Mounted);
        string first = File.ReadAllText(Path.Combine(Mounted, "ca.crt"));
        _authority.Write(Mounted);
        File.WriteAllText(Path.Combine(Mounted, "ca.crt"), $"{first}\n{File.ReadAllText(Path.Combine(Mounted, "ca.crt"))}");
        using ServiceProcess service = await StartServiceAsync(workload);
        await service.UntilAsync("Healthy");
        Assert.Contains($"user={workload}", (await _pod.ScriptAsync("cli.sh --no-auth-warning client list")).Successful());
    }

    [Theory]
    [InlineData("edge", "Redis does not decide (connection: TLS: The remote certificate is invalid")]
    [InlineData("notifier", "Nobody is notified: TLS to Redis failed: The remote certificate is invalid")]
    public async Task Service_AnotherAuthority_SaysSo(string workload, string sentence)
    {
        await StartRedisAsync();
        using Authority other = new();
        other.Write(Mounted);
        using ServiceProcess service = await StartServiceAsync(workload);
        await service.UntilAsync(sentence);
        Assert.Matches($@"{Regex.Escape(sentence)}.* chain: (UntrustedRoot|PartialChain|NotSignatureValid)", service.Log);
    }

    [Fact]
    public async Task Edge_CertificateForAnotherName_SaysSo()
    {
        await StartRedisAsync("redis");
        _authority.Write(Mounted);
        using ServiceProcess edge = await StartServiceAsync("edge");
        await edge.UntilAsync("RemoteCertificateNameMismatch");
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

    // ",ssl=true" is what secrets/*.env.example say to append.
    private async Task<ServiceProcess> StartServiceAsync(string workload) => await ServiceProcess.StartAsync(
        await overlays.RenderAsync(Overlay),
        workload,
        redis => $"{_pod.Here(redis, workload, Host)},ssl=true",
        (container, environment) => environment["SSL_CERT_DIR"] =
            environment["SSL_CERT_DIR"].Replace(container.VolumeMounts.Single(m => m.Name == "redis-ca").MountPath, Mounted));
}
