using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.Kubernetes.Tests.Rules;
using OpenClaw.Kubernetes.Tests.Schema;

namespace OpenClaw.Kubernetes.Tests.Publishing;

/// <summary>publish.sh as a newcomer runs it: in a clone of the working tree, with the real AppHost, up to a folder that an API server takes.</summary>
public sealed class PublishTests
{
    [Fact]
    public async Task Clone_Published_IsReadyToApply()
    {
        Tool.Require("git", "apt-get install git");
        Tool.Require("bash", "apt-get install bash");
        Tool.Require("kubectl", "https://kubernetes.io/docs/tasks/tools/");
        DirectoryInfo clone = Directory.CreateTempSubdirectory("openclaw-clone-");
        try
        {
            await CloneAsync(clone.FullName);
            // Settings for running say nothing about publishing. Analyzers and the audit of packages have had their turn in the working tree's own build.
            Dictionary<string, string> environment = new() { ["RunAnalyzers"] = "false", ["NuGetAudit"] = "false", ["OpenClaw__Redis"] = "embedded" };
            string[] arguments = ["publish.sh", "--aspirate", "offline", "--registry", "registry.example.com/team", "--tag", "7.1"];
            Tool.Result result = await Tool.RunAsync("bash", arguments, clone.FullName, environment, seconds: 300);
            Assert.EndsWith("deploy: kubectl apply -k aspire-manifest/kubernetes/production\n", result.Successful());
            Assert.DoesNotContain("warning", result.Error);

            ManifestSet set = ManifestSet.Parse((await Tool.RunAsync("kubectl", ["kustomize", Path.Combine(clone.FullName, "aspire-manifest/kubernetes/production")])).Successful());
            Assert.Empty(ManifestRules.All.Append(new EdgeOutlivesANode()).SelectMany(r => r.Violations(set)));
            Assert.Equal(["registry.example.com/team/edge:7.1", "registry.example.com/team/rating-api:7.1"], set.All<V1Deployment>().Select(d => d.Spec.Template.Spec.Containers.Single().Image));
            Assert.Empty((await SchemaValidator.ErrorsAsync(new Dictionary<string, string> { ["production"] = set.Text }))["production"]);
        }
        finally
        {
            clone.Delete(recursive: true);
        }
    }

    /// <summary>Copies every file that git tracks or would add.</summary>
    private static async Task CloneAsync(string folder)
    {
        string[] files = (await Tool.RunAsync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])).Successful().Split('\0', StringSplitOptions.RemoveEmptyEntries);
        foreach (string file in files.Where(f => File.Exists(Repository.At(f))))
        {
            string copy = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Repository.At(file), copy);
        }
    }
}
