using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.Kubernetes.Tests.Rules;
using OpenClaw.Kubernetes.Tests.Schema;

namespace OpenClaw.Kubernetes.Tests.Publishing;

/// <summary>publish.sh as a newcomer runs it: in a clone of the working tree, with the real AppHost, up to a folder that an API server
/// takes.</summary>
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
            // Settings for running say nothing about publishing. Analyzers and the audit of packages have had their turn in the working
            // tree's own build.
            Dictionary<string, string> environment =
                new() { ["RunAnalyzers"] = "false", ["NuGetAudit"] = "false", ["OpenClaw__Redis"] = "embedded" };
            string[] arguments = ["publish.sh", "--aspirate", "offline", "--registry", "registry.example.com/team", "--tag", "7.1"];
            Tool.Result result = await Tool.RunAsync("bash", arguments, clone.FullName, environment, seconds: 300);
            Assert.StartsWith("deploy: kubectl apply -f ", result.Successful().TrimEnd('\n').Split('\n')[^1]);
            Assert.DoesNotContain("warning", result.Error);

            string overlay = Path.Combine(clone.FullName, "aspire-manifest/kubernetes/production");
            ManifestSet set = ManifestSet.Parse((await Tool.RunAsync("kubectl", ["kustomize", overlay])).Successful());
            Assert.Empty(ManifestRules.All.Append(new EdgeOutlivesANode()).SelectMany(r => r.Violations(set)));
            Assert.Equal(
                ((string[])["console", "edge", "notifier", "rating-api"]).Select(n => $"registry.example.com/team/{n}:7.1"),
                set.Workloads.Where(w => w.IsService).Select(w => w.Containers.Single().Image).Order());
            Dictionary<string, string> rendered = new() { ["production"] = set.Text };
            Assert.Empty((await SchemaValidator.ErrorsAsync(rendered))["production"]);
        }
        finally
        {
            clone.Delete(recursive: true);
        }
    }

    /// <summary>Copies every file that git tracks or would add.</summary>
    private static async Task CloneAsync(string folder)
    {
        Tool.Result list = await Tool.RunAsync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        string[] files = list.Successful().Split('\0', StringSplitOptions.RemoveEmptyEntries);
        foreach (string file in files.Where(f => File.Exists(Repository.At(f))))
        {
            string copy = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Repository.At(file), copy);
        }
    }
}
