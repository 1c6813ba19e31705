using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests;

/// <summary>The overlay for kind and minikube knows the sample clients.</summary>
public sealed class LocalOverlayTests(Overlays overlays)
{
    [Theory]
    [InlineData("test-key", "test")]
    [InlineData("silver-key", "silver-sample")]
    [InlineData("gold-key", "gold-sample")]
    public async Task SampleKey_HashedUnderTheEdgesPepper_IsTheSampleClients(string key, string client)
    {
        IReadOnlyDictionary<string, string> environment = await EnvironmentAsync();
        Assert.Equal("Development", environment["ASPNETCORE_ENVIRONMENT"]);
        using JsonDocument settings = JsonDocument.Parse(File.ReadAllText(Repository.At("OpenClaw.Edge/appsettings.Development.json")));
        string hash = settings.RootElement.GetProperty("OpenClaw").GetProperty("Edge").GetProperty("Clients").GetProperty(client)
            .GetProperty("KeyHashes")[0].GetString()!;

        byte[] pepper = Encoding.UTF8.GetBytes(environment["OpenClaw__Edge__ApiKeys__Pepper"]);
        Assert.Equal(hash, Convert.ToHexStringLower(HMACSHA256.HashData(pepper, Encoding.ASCII.GetBytes(key))));
    }

    [Fact]
    public async Task Password_OfRedis_StaysTheOperators() =>
        Assert.Contains(Overlays.Secret, (await EnvironmentAsync())["ConnectionStrings__redis"]);

    [Fact]
    public async Task Connections_ThroughTheNodePort_MayAllBeTheNodes()
    {
        IReadOnlyDictionary<string, string> environment = await EnvironmentAsync();

        Assert.Equal(environment["OpenClaw__Edge__Overload__MaxConnections"],
            environment["OpenClaw__Edge__Overload__MaxConnectionsPerAddress"]);
    }

    private async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync()
    {
        ManifestSet set = await overlays.RenderAsync("local");
        V1Container edge = set.Workloads.Single(w => w.Name == "edge").Containers.Single();
        return Workload.Environment(set, edge);
    }
}
