using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.Kubernetes.Tests.Rendering.Extensions;
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
    public async Task Overlay_ForManyNodes_OutlivesOne(string overlay) =>
        Assert.Empty(new EdgeOutlivesANode().Violations(await overlays.RenderAsync(overlay)));

    [Fact]
    public async Task Production_Edge_HasThreeReplicasAndItsResources()
    {
        ManifestSet set = await overlays.RenderAsync("production");
        V2HorizontalPodAutoscaler autoscaler = Assert.Single(set.All<V2HorizontalPodAutoscaler>());
        Assert.Equal(3, autoscaler.Spec.MinReplicas);
        V1Container edge = Assert.Single(set.Workloads.Single(w => w.Name == "edge").Containers);
        Assert.Equal("250m", edge.Resources.Requests["cpu"].ToString());
        Assert.Equal("128Mi", edge.Resources.Requests["memory"].ToString());
        Assert.Equal("500m", edge.Resources.Limits["cpu"].ToString());
        Assert.Equal("384Mi", edge.Resources.Limits["memory"].ToString());
    }

    [Fact]
    public async Task Production_RatingApi_HasOneReplica()
    {
        ManifestSet set = await overlays.RenderAsync("production");
        Assert.Equal(1, set.All<V1Deployment>().Single(d => d.Metadata.Name == "rating-api").Spec.Replicas);
    }

    [Fact]
    public async Task Production_Redis_TakesPasswordsFromSecretAndPersists()
    {
        V1StatefulSet redis = (await overlays.RenderAsync("production")).All<V1StatefulSet>().Single(s => s.Metadata.Name == "redis");
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
        Assert.DoesNotContain(set.Objects, o => o.Metadata.Name is "redis" or "redis-env" or "redis-nodes");
        Assert.Contains(set.All<V1NetworkPolicy>(), p => p.Metadata.Name == "edge-to-redis");
    }

    [Fact]
    public async Task ExternalRatingApi_Rendered_ReplacesTheMock()
    {
        ManifestSet set = await overlays.RenderAsync("production+external-rating-api");
        Assert.DoesNotContain(
            set.Objects,
            o => o.Metadata.Name.Contains("rating-api") && o is not V1NetworkPolicy { Metadata.Name: "edge-to-external-rating-api" });
        V1Container edge = set.Workloads.Single(w => w.Name == "edge").Containers.Single();
        IReadOnlyDictionary<string, string> environment = Workload.Environment(set, edge);
        Assert.Equal("https://ratings.example.com/", environment["ReverseProxy__Clusters__rating-api__Destinations__rating-api__Address"]);
        Assert.DoesNotContain(environment.Keys, k => k.StartsWith("services__"));
    }

    [Fact]
    public async Task Local_Rendered_HasNodePortAndNoAutoscaler()
    {
        ManifestSet set = await overlays.RenderAsync("local");
        Assert.Empty(set.All<V2HorizontalPodAutoscaler>());
        Assert.Equal(30080, set.All<V1Service>().Single(s => s.Metadata.Name == "edge").Spec.Ports.Single().NodePort);
    }

    /// <summary>The console is reached by a port-forward; nothing leads to it, and it reaches the edges alone.</summary>
    [Fact]
    public async Task Console_ByDefault_HasNoRoadFromOutside()
    {
        ManifestSet set = await overlays.RenderAsync("production+gateway");
        Workload console = set.Workloads.Single(w => w.Name == "console");
        V1NetworkPolicy[] policies = [.. set.All<V1NetworkPolicy>().Where(p => console.IsSelectedBy(p.Spec.PodSelector))];
        Assert.All(policies, p => Assert.Empty(p.Spec.Ingress ?? []));
        Assert.Equal(["console-to-edge", "default-deny", "dns"], policies.Select(p => p.Metadata.Name).Order());
        Assert.DoesNotContain(set.All<HttpRoute>().SelectMany(r => r.Spec.Rules).SelectMany(r => r.BackendRefs), b => b.Name == "console");
    }

    /// <summary>Leaving the two out is a matter of their lines.</summary>
    [Fact]
    public async Task ControlPlane_LeftOut_LeavesAWholeOverlay()
    {
        using Overlays without = new();
        string file = Path.Combine(without.Folder, "production/kustomization.yaml");
        string[] lines = [.. File.ReadAllLines(file).Where(l => l is not ("- ../components/console" or "- ../components/notifier"))];
        File.WriteAllLines(file, lines);
        ManifestSet set = await without.RenderAsync("production+metrics+telemetry");
        Assert.Equal(["edge", "rating-api", "redis"], set.Workloads.Select(w => w.Name).Order());
    }

    [Fact]
    public async Task Redis_Image_IsOneDigest()
    {
        ManifestSet set = await overlays.RenderAsync("production");
        Assert.Matches("^docker.io/library/redis:[0-9.]+@sha256:[0-9a-f]{64}$",
            set.Workloads.Single(w => w.Name == "redis").Containers.Single().Image);
    }

    /// <summary>The digests that publish.sh writes after a push are what the pods run.</summary>
    [Fact]
    public async Task Digests_OfPushedImages_AreInThePods()
    {
        string digest = $"sha256:{new string('a', 64)}";
        using Overlays pushed = new();
        File.AppendAllText(
            Path.Combine(pushed.Folder, "release/kustomization.yaml"),
            $"- name: openclaw/edge\n  newTag: \"1.0.0\"\n  digest: {digest}\n");
        Assert.Equal(
            $"openclaw/edge:1.0.0@{digest}",
            (await pushed.RenderAsync("production")).Workloads.Single(w => w.Name == "edge").Containers.Single().Image);
    }

    /// <summary>The namespace is made once, by hand, and holds pods to the strictest standard.</summary>
    [Fact]
    public async Task Namespace_MadeOnce_IsTheOverlaysAndRestricted()
    {
        V1Namespace space = Assert.IsType<V1Namespace>(
            Assert.Single(ManifestSet.Parse(File.ReadAllText(Path.Combine(Repository.Kubernetes, "namespace.yaml"))).Objects));
        Assert.Equal("restricted", space.Metadata.Labels["pod-security.kubernetes.io/enforce"]);
        Assert.All((await overlays.RenderAsync("production")).Objects, o =>
            Assert.Equal(space.Metadata.Name, o.Metadata.NamespaceProperty));
    }

    [Fact]
    public async Task Valkey_InsteadOfRedis_ChangesTheImageOnly()
    {
        Workload redis = (await overlays.RenderAsync("production")).Workloads.Single(w => w.Name == "redis");
        Workload valkey = (await overlays.RenderAsync("production+valkey")).Workloads.Single(w => w.Name == "redis");
        V1Container changed = valkey.Containers.Single();
        Assert.StartsWith("docker.io/valkey/valkey:", changed.Image);
        (changed.Image, valkey.Labels[ObjectsAreLabelled.Version]) =
            (redis.Containers.Single().Image, redis.Labels[ObjectsAreLabelled.Version]);
        Assert.Equal(KubernetesYaml.Serialize(redis.Template), KubernetesYaml.Serialize(valkey.Template));
    }

    /// <summary>What an overlay does not name any more stays in the cluster. The guides' commands find all of it and nothing
    /// else.</summary>
    [Theory]
    [InlineData("redis", "managed-redis", "docs/how-to/operate.md", "notifier-to-redis")]
    [InlineData("rating-api", "production+external-rating-api", "docs/how-to/deploy-to-kubernetes.md")]
    public async Task Objects_NotNamedAnyMore_AreFoundByTheGuidesCommand(string name, string overlay, string guide, params string[] besides)
    {
        ManifestSet before = await overlays.RenderAsync("production"), after = await overlays.RenderAsync(overlay);
        string text = File.ReadAllText(Repository.At(guide));
        string[] kinds = Regex.Match(text, $@"delete ([a-z,]+)(?: \\\n )? -l app\.kubernetes\.io/name={name}\n").Groups[1].Value.Split(',');
        Assert.All(besides, other => Assert.Contains($"/{other}", text));

        string[] remaining = [.. after.Objects.Select(NameWithoutHash)];
        string[] found = [.. before.Objects.Where(IsFound).Select(NameWithoutHash).Order()];
        Assert.Equal(
            before.Objects.Select(NameWithoutHash).Except(remaining).Where(n => !besides.Contains(n.Split('/')[1])).Order(), found);
        Assert.DoesNotContain(after.Objects, IsFound);

        bool IsFound(IKubernetesObject<V1ObjectMeta> o) =>
            kinds.Contains(o.Kind.ToLowerInvariant()) && o.Metadata.Labels["app.kubernetes.io/name"] == name;

        static string NameWithoutHash(IKubernetesObject<V1ObjectMeta> o) =>
            $"{o.Kind}/{(o is V1ConfigMap or V1Secret ? Regex.Replace(o.Metadata.Name, "-[a-z0-9]{10}$", "") : o.Metadata.Name)}";
    }

    [Fact]
    public async Task Objects_InTheGuidesCommands_AreThoseOfProduction()
    {
        string[] named =
        [
            .. Directory.GetFiles(Repository.At("docs/how-to"), "*.md")
                .SelectMany(f => Regex.Matches(File.ReadAllText(f), @"\b(deployment|statefulset|service|networkpolicy)/[a-z][a-z-]*"))
                .Select(m => m.Value).Distinct(),
        ];
        Assert.Contains("deployment/edge", named);
        Assert.Empty(named.Except(
            (await overlays.RenderAsync("production")).Objects.Select(o => $"{o.Kind.ToLowerInvariant()}/{o.Metadata.Name}")));
    }

    /// <summary>The commands of docs/how-to/operate.md change every place that names the version of Redis.</summary>
    [Fact]
    public async Task Redis_UpgradedAsTheGuideSays_HasTheNewVersionEverywhere()
    {
        Tool.Require("bash", "apt-get install bash");
        string guide = File.ReadAllText(Repository.At("docs/how-to/operate.md"));
        string digest = new('a', 64);
        string command = Regex.Match(guide, "^sed -i .*statefulset.yaml.*$", RegexOptions.Multiline).Value.Replace("DIGEST", digest);
        using Overlays upgraded = new();
        (await Tool.RunAsync("bash", ["-c", command], Path.Combine(upgraded.Folder, "components/redis"))).Successful();

        ManifestSet set = await upgraded.RenderAsync("production");
        string image = set.Workloads.Single(w => w.Name == "redis").Containers.Single().Image;
        string version = Regex.Match(image, $"^docker.io/library/redis:([0-9.]+)@sha256:{digest}$").Groups[1].Value;
        string before = (await overlays.RenderAsync("production")).Workloads.Single(w => w.Name == "redis").Containers.Single().Image;
        Assert.NotEqual("", version);
        Assert.DoesNotContain($":{version}@", before);
        Assert.Equal(
            [version],
            set.Objects.Where(o => o.Metadata.Labels["app.kubernetes.io/name"] == "redis" && o is not V1ConfigMap and not V1Secret)
                .Select(o => o.Metadata.Labels[ObjectsAreLabelled.Version]).Distinct());
        Assert.Empty(new ImagesArePinned().Violations(set));
    }

    /// <summary>The file that is mounted may change without a roll-out, and is where the edge looks for it.</summary>
    [Fact]
    public async Task SettingsFile_Changed_RollsNoPod()
    {
        const string Overlay = "production+settings-file";
        ManifestSet set = await overlays.RenderAsync(Overlay);
        V1Container edge = set.Workloads.Single(w => w.Name == "edge").Containers.Single();
        Assert.Equal("/etc/openclaw/settings.json", Workload.Environment(set, edge)["OpenClaw__Edge__SettingsFile"]);
        Assert.Contains(edge.VolumeMounts, m => m is { MountPath: "/etc/openclaw", SubPath: null });

        using Overlays changed = new();
        File.AppendAllText(Path.Combine(changed.Folder, "components/settings-file/settings.json"), "\n");
        Assert.Equal(Pods(set, "edge"), Pods(await changed.RenderAsync(Overlay), "edge"));
    }

    /// <summary>A pod reads its environment once. So what an operator writes is in objects whose names carry a hash of it, and pods that
    /// name another object are new ones.</summary>
    [Theory]
    [InlineData(
        "production",
        "edge: components/edge/settings.env", "rating-api: components/rating-api/settings.env", "redis: components/redis/redis.conf",
        "redis: components/redis/start.sh", "edge: production/secrets/edge.env", "redis: production/secrets/redis.env",
        "console: components/console/settings.env", "notifier: components/notifier/settings.env",
        "console: production/secrets/console.env", "notifier: production/secrets/notifier.env")]
    [InlineData("managed-redis", "edge: managed-redis/secrets/edge.env")]
    [InlineData("production+external-rating-api", "edge: components/external-rating-api/settings.env")]
    public async Task Settings_Changed_RollThePods(string overlay, params string[] files)
    {
        using Overlays changed = new();
        (string Workload, string File, string Added)[] changes =
            [.. files.Select((f, i) => (f.Split(": ")[0], f.Split(": ")[1], $"ADDED_{i}"))];
        foreach ((_, string file, string added) in changes)
        {
            File.AppendAllText(Path.Combine(changed.Folder, file), $"\n{added}=1\n");
        }

        ManifestSet before = await overlays.RenderAsync(overlay), after = await changed.RenderAsync(overlay);
        Assert.All(changes, change =>
        {
            string name = after.Objects.Single(o => KubernetesYaml.Serialize(o).Contains(change.Added)).Metadata.Name;
            Assert.Contains(name, Pods(after, change.Workload));
            Assert.DoesNotContain(before.Objects, o => o.Metadata.Name == name);
        });
    }

    [Theory]
    [InlineData("telemetry", "edge")]
    [InlineData("telemetry", "console")]
    [InlineData("telemetry", "rating-api")]
    [InlineData("external-rating-api", "edge")]
    [InlineData("settings-file", "edge")]
    [InlineData("redis-tls", "redis")]
    public async Task Component_Added_RollsThePods(string component, string workload) => Assert.NotEqual(
        Pods(await overlays.RenderAsync("production"), workload), Pods(await overlays.RenderAsync($"production+{component}"), workload));

    private static string Pods(ManifestSet set, string workload) =>
        KubernetesYaml.Serialize(set.Workloads.Single(w => w.Name == workload).Template);
}
