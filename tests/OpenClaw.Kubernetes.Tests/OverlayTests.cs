using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.Kubernetes.Tests.Rules;

namespace OpenClaw.Kubernetes.Tests;

/// <summary>Every overlay keeps every rule, and says what its folder's comments say.</summary>
public sealed class OverlayTests(Overlays overlays)
{
    [Theory]
    [MemberData(nameof(Overlays.Names), MemberType = typeof(Overlays))]
    public async Task Overlay_Rendered_KeepsEveryRule(string overlay)
    {
        ManifestSet set = await overlays.RenderAsync(overlay);
        Assert.Empty(ManifestRules.All.SelectMany(r => r.Violations(set).Select(v => $"{r.GetType().Name}: {v}")));
    }

    [Theory]
    [InlineData("production")]
    [InlineData("managed-redis")]
    public async Task Overlay_ForManyNodes_OutlivesOne(string overlay) => Assert.Empty(new EdgeOutlivesANode().Violations(await overlays.RenderAsync(overlay)));

    [Fact]
    public async Task Production_Edge_HasThreeReplicasAndTheArticlesResources()
    {
        ManifestSet set = await overlays.RenderAsync("production");
        V2HorizontalPodAutoscaler autoscaler = Assert.Single(set.All<V2HorizontalPodAutoscaler>());
        Assert.Equal(3, autoscaler.Spec.MinReplicas);
        V1Container edge = Assert.Single(set.Workloads.Single(w => w.Name == "edge").Containers);
        Assert.Equal("250m", edge.Resources.Requests["cpu"].ToString());
        Assert.Equal("128Mi", edge.Resources.Requests["memory"].ToString());
        Assert.Equal("500m", edge.Resources.Limits["cpu"].ToString());
        Assert.Equal("256Mi", edge.Resources.Limits["memory"].ToString());
    }

    [Fact]
    public async Task Production_RatingApi_HasOneReplica()
    {
        ManifestSet set = await overlays.RenderAsync("production");
        Assert.Equal(1, set.All<V1Deployment>().Single(d => d.Metadata.Name == "rating-api").Spec.Replicas);
    }

    [Fact]
    public async Task Production_Redis_TakesPasswordFromSecretAndPersists()
    {
        V1StatefulSet redis = Assert.Single((await overlays.RenderAsync("production")).All<V1StatefulSet>());
        Assert.Contains(redis.Spec.Template.Spec.Containers[0].EnvFrom, e => e.SecretRef?.Name.StartsWith("redis-secrets") == true);
        Assert.Equal("/data", redis.Spec.Template.Spec.Containers[0].VolumeMounts.Single(m => m.Name == "redis-data").MountPath);
        Assert.Single(redis.Spec.VolumeClaimTemplates);
    }

    [Theory]
    [InlineData("managed-redis")]
    [InlineData("managed-redis+external-rating-api")]
    public async Task ManagedRedis_Rendered_HasNoRedisOfItsOwn(string overlay)
    {
        ManifestSet set = await overlays.RenderAsync(overlay);
        Assert.DoesNotContain(set.Objects, o => o.Metadata.Name is "redis" or "redis-env");
        Assert.Contains(set.All<V1NetworkPolicy>(), p => p.Metadata.Name == "edge-to-redis");
    }

    [Fact]
    public async Task ExternalRatingApi_Rendered_ReplacesTheMock()
    {
        ManifestSet set = await overlays.RenderAsync("production+external-rating-api");
        Assert.DoesNotContain(set.Objects, o => o.Metadata.Name.Contains("rating-api") && o is not V1NetworkPolicy { Metadata.Name: "edge-to-external-rating-api" });
        V1ConfigMap environment = set.All<V1ConfigMap>().Single(m => m.Metadata.Name == "edge-env");
        Assert.Equal("https://ratings.example.com/", environment.Data["ReverseProxy__Clusters__rating-api__Destinations__rating-api__Address"]);
        Assert.DoesNotContain(environment.Data.Keys, k => k.StartsWith("services__"));
    }

    [Fact]
    public async Task Local_Rendered_HasNodePortAndNoAutoscaler()
    {
        ManifestSet set = await overlays.RenderAsync("local");
        Assert.Empty(set.All<V2HorizontalPodAutoscaler>());
        Assert.Equal(30080, set.All<V1Service>().Single(s => s.Metadata.Name == "edge").Spec.Ports.Single().NodePort);
    }

    [Fact]
    public async Task Settings_Changed_RollThePods()
    {
        string before = Settings(await overlays.RenderAsync("production"));
        using Overlays changed = new();
        File.AppendAllText(Path.Combine(changed.Folder, "components/edge/settings.env"), "OpenClaw__Edge__ClientAddress__TrustedNetworks__1=10.0.0.0/8\n");
        Assert.NotEqual(before, Settings(await changed.RenderAsync("production")));

        static string Settings(ManifestSet set) => set.Workloads.Single(w => w.Name == "edge").Containers.Single().EnvFrom
            .Select(e => e.ConfigMapRef?.Name).Single(n => n?.StartsWith("edge-settings-") == true)!;
    }
}
