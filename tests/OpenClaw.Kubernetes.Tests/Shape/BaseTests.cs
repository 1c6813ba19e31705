using AspirateOffline;
using AspirateOffline.Kustomize;
using AspirateOffline.Manifest;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Shape;

/// <summary>The committed base is what the committed manifest makes, in the shape that aspirate gives it.</summary>
public sealed class BaseTests(Overlays overlays)
{
    [Fact]
    public async Task CommittedBase_Rendered_HasAspiratesShape()
    {
        Assert.Empty(BaseShape.Violations(await overlays.RenderAsync("base")));
    }

    [Theory]
    [InlineData("        name: redis\n", "        name: server\n", "redis: not one container named like it")]
    [InlineData(
        "    matchLabels:\n      app: edge\n",
        "    matchLabels:\n      app: egde\n",
        "edge: not labelled and selected by app: edge")]
    [InlineData("            name: edge-env\n", "            name: edge-config\n", "edge: its environment is not the ConfigMap edge-env")]
    [InlineData(
        "kind: Service\nmetadata:\n  name: edge\n",
        "kind: Service\nmetadata:\n  name: edge-http\n",
        "edge: no Service of that name")]
    [InlineData(
        "  volumeClaimTemplates:\n  - metadata:\n      name: redis-data\n",
        "  volumeClaimTemplates:\n  - metadata:\n      name: data\n",
        "redis: no claim redis-data")]
    public async Task Shape_OneThingWrong_NamesIt(string right, string wrong, string violation)
    {
        string text = (await overlays.RenderAsync("base")).Text;
        Assert.Contains(right, text);
        Assert.Contains(violation, BaseShape.Violations(ManifestSet.Parse(text.Replace(right, wrong))));
    }

    /// <summary>Fails when the AppHost's manifest changed and ./publish.sh was not run.</summary>
    [Fact]
    public async Task CommittedBase_FromCommittedManifest_HasNotDrifted()
    {
        ManifestSet committed = await overlays.RenderAsync("base");
        Assert.Equal(BaseShape.Describe(await GenerateAsync(Repository.Manifest, committed)), BaseShape.Describe(committed));
    }

    [Fact]
    public async Task Drift_OneBindingChanged_IsSeen()
    {
        ManifestSet committed = await overlays.RenderAsync("base");
        string changed = Path.GetTempFileName();
        try
        {
            string manifest = File.ReadAllText(Repository.Manifest);
            Assert.Contains("\"targetPort\": 6379", manifest);
            File.WriteAllText(changed, manifest.Replace("\"targetPort\": 6379", "\"targetPort\": 6380"));
            Assert.NotEqual(BaseShape.Describe(await GenerateAsync(changed, committed)), BaseShape.Describe(committed));
        }
        finally
        {
            File.Delete(changed);
        }
    }

    [Theory]
    [InlineData("type: Recreate", "type: RollingUpdate")]
    [InlineData("replicas: 1", "replicas: 2")]
    [InlineData("terminationGracePeriodSeconds: 180", "terminationGracePeriodSeconds: 30")]
    [InlineData("minReadySeconds: 60", "minReadySeconds: 5")]
    [InlineData("storage: 1Gi", "storage: 2Gi")]
    [InlineData("--save 60 1", "--save 60 2")]
    [InlineData("imagePullPolicy: IfNotPresent", "imagePullPolicy: Always")]
    [InlineData("mountPath: /data", "mountPath: /var/data")]
    public async Task Drift_OneValueChangedByHand_IsSeen(string right, string wrong)
    {
        ManifestSet committed = await overlays.RenderAsync("base");
        Assert.Contains(right, committed.Text);
        ManifestSet changed = ManifestSet.Parse(committed.Text.Replace(right, wrong));
        Assert.NotEqual(BaseShape.Describe(committed), BaseShape.Describe(changed));
    }

    /// <summary>Both writers, the same manifest: the same base.</summary>
    [Fact]
    public async Task Aspirate_WhereTheFeedHasIt_WritesTheSameBase()
    {
        Tool.Require("kubectl", "https://kubernetes.io/docs/tasks/tools/");
        Dictionary<string, string> english = new() { ["DOTNET_CLI_UI_LANGUAGE"] = "en" };
        Tool.Result restore = await Tool.RunAsync("dotnet", ["tool", "restore"], environment: english);
        if (restore.ExitCode != 0)
        {
            string answer = $"{restore.Output}{restore.Error}".Trim();
            // Not a failure in CI either: without aspirate there is nothing to compare. publish.sh tells the two apart in the same way.
            Assert.SkipWhen(answer.Contains("is not found in NuGet feeds"), $"The package feed has no aspirate: {answer}");
            Tool.Missing($"aspirate could not be restored, although the feed may have it: {answer}");
        }

        ManifestSet committed = await overlays.RenderAsync("base");
        DirectoryInfo output = Directory.CreateTempSubdirectory("aspirate-");
        try
        {
            await Tool.RunAsync("dotnet", ["aspirate", "settings", "update-checks", "disable"]);
            string[] arguments =
                [.. Arguments(Repository.Manifest, output.FullName, committed), "--non-interactive", "--disable-state",
                    "--disable-secrets", "--skip-build"];
            (await Tool.RunAsync("dotnet", ["aspirate", .. arguments], Path.GetDirectoryName(Repository.Manifest))).Successful();
            ManifestSet aspirate = ManifestSet.Parse((await Tool.RunAsync("kubectl", ["kustomize", output.FullName])).Successful());
            Assert.Empty(BaseShape.Violations(aspirate));
            Assert.Equal(BaseShape.Describe(committed), BaseShape.Describe(aspirate));
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }

    private static async Task<ManifestSet> GenerateAsync(string manifest, ManifestSet committed)
    {
        DirectoryInfo output = Directory.CreateTempSubdirectory("aspirate-offline-");
        try
        {
            KustomizeTree.Write(AspireManifest.Load(manifest), GenerateOptions.Parse(Arguments(manifest, output.FullName, committed)));
            return ManifestSet.Parse((await Tool.RunAsync("kubectl", ["kustomize", output.FullName])).Successful());
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }

    /// <summary>Registry and tag are the operator's; the rest is what publish.sh passes.</summary>
    private static string[] Arguments(string manifest, string output, ManifestSet committed)
    {
        string image = committed.Workloads.Single(w => w.Name == "edge").Containers.Single().Image;
        string repository = image[..image.LastIndexOf(':')];
        string[] parameters =
            [.. AspireManifest.Load(manifest).Resources.Where(r => r.Value.Type == "parameter.v0")
                .SelectMany(r => (string[])["--parameter", $"{r.Key}=set-by-overlay"])];
        return
        [
            "generate", "--aspire-manifest", manifest, "--output-path", output, "--namespace",
                committed.All<V1Namespace>().Single().Metadata.Name,
            "--output-format", "kustomize", "--include-dashboard", "false", "--image-pull-policy", "IfNotPresent",
            "--container-registry", repository[..repository.LastIndexOf('/')], "--container-image-tag",
                image[(image.LastIndexOf(':') + 1)..],
            .. parameters,
        ];
    }
}
