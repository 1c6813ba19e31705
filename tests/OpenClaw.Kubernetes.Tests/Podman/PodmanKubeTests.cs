using k8s;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;
using PodmanAdapt;

namespace OpenClaw.Kubernetes.Tests.Podman;

/// <summary>The adaptations for podman are the listed ones and no others.</summary>
public sealed class PodmanKubeTests(Overlays overlays)
{
    private static readonly AdaptOptions Options = new(
        "stack",
        new Dictionary<string, string> { ["redis"] = "10.0.0.10", ["rating-api"] = "10.0.0.11", ["edge"] = "10.0.0.12" },
        new Dictionary<string, string> { ["redis"] = "localhost/r:1", ["rating-api"] = "localhost/a:1", ["edge"] = "localhost/e:1" },
        new Dictionary<(string, string), int> { [("edge", "http")] = 18080, [("edge", "management")] = 19090 });

    [Fact]
    public async Task Documents_OfProduction_AreWhatPodmanKnows()
    {
        object[] documents = [.. new PodmanKube(Options).Documents((await FreshAsync()).Objects)];
        Assert.Equal(["stack-redis", "stack-rating-api", "stack-edge"],
            documents[^3..].Cast<IKubernetesObject<V1ObjectMeta>>().Select(d => d.Metadata.Name));
        Assert.All(documents, d => Assert.True(d is V1ConfigMap or V1PersistentVolumeClaim or V1Pod or V1Deployment, d.GetType().Name));
    }

    [Fact]
    public async Task Containers_Adapted_KeepWhatConfinesThem()
    {
        ManifestSet before = await overlays.RenderAsync("production");
        V1Deployment edge =
            Assert.Single(new PodmanKube(Options).Documents((await FreshAsync()).Objects).OfType<V1Deployment>(), d =>
                d.Metadata.Name == "stack-edge");
        V1Container container = edge.Spec.Template.Spec.Containers.Single();
        V1Container original = before.Workloads.Single(w => w.Name == "edge").Containers.Single();
        Assert.Equal(original.SecurityContext.ReadOnlyRootFilesystem, container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.Equal(original.SecurityContext.Capabilities.Drop, container.SecurityContext.Capabilities.Drop);
        Assert.Equal(original.Resources.Limits["memory"].ToString(), container.Resources.Limits["memory"].ToString());
        Assert.Equal(1654, edge.Spec.Template.Spec.SecurityContext.RunAsUser);
        Assert.Equal("localhost/e:1", container.Image);
        Assert.Equal(
            [("http", 18080, "127.0.0.1"), ("management", 19090, "127.0.0.1")],
            container.Ports.OrderBy(p => p.Name).Select(p => (p.Name, p.HostPort!.Value, p.HostIP)));
        Assert.Equal("stack", container.Env.Single(e => e.Name == "POD_NAMESPACE").Value);
        Assert.Contains(edge.Spec.Template.Spec.HostAliases, a => a.Ip == "10.0.0.10" && a.Hostnames.Single() == "redis");
    }

    [Fact]
    public async Task Volumes_OfSeveralPods_HaveNamesOfTheirOwn()
    {
        string[] names = [.. new PodmanKube(Options).Documents((await FreshAsync()).Objects)
            .SelectMany(d => (d as V1Pod)?.Spec.Volumes ?? (d as V1Deployment)?.Spec.Template.Spec.Volumes ?? []).Select(v => v.Name)];
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public async Task Names_OfEverything_AreTheStacksOwn()
    {
        PodmanKube podman = new(Options);
        IReadOnlyList<object> rendered = (await FreshAsync()).Objects;
        IKubernetesObject[] documents = [.. podman.Documents(rendered)];
        string[] made =
            [.. documents.Cast<IKubernetesObject<V1ObjectMeta>>().Select(d => d.Metadata.Name), .. podman.Secrets(rendered).Keys];
        V1PodSpec[] pods = [.. documents.Select(d => (d as V1Pod)?.Spec ?? (d as V1Deployment)?.Spec.Template.Spec).OfType<V1PodSpec>()];
        V1Container[] containers = [.. pods.SelectMany(p => p.Containers)];
        string?[] used =
        [
            .. pods.SelectMany(p => p.Volumes).Select(v => v.ConfigMap?.Name ?? v.PersistentVolumeClaim?.ClaimName),
            .. containers.SelectMany(c => c.EnvFrom ?? []).Select(e => e.ConfigMapRef?.Name ?? e.SecretRef?.Name),
            .. containers.SelectMany(c => c.Env ?? []).Select(e => e.ValueFrom?.ConfigMapKeyRef?.Name ?? e.ValueFrom?.SecretKeyRef?.Name),
        ];
        Assert.All(made, name => Assert.StartsWith("stack-", name));
        Assert.Empty(used.OfType<string>().Except(made));
        Assert.Contains(pods.SelectMany(p => p.Volumes), v => v.ConfigMap is not null);
    }

    // The adaptation changes the objects, and the rendered set is shared.
    private async Task<ManifestSet> FreshAsync() => ManifestSet.Parse((await overlays.RenderAsync("production")).Text);
}
