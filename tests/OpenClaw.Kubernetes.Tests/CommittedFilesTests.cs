using System.Text.RegularExpressions;

namespace OpenClaw.Kubernetes.Tests;

/// <summary>No secret value is committed: Secrets are generated from files that git ignores, and only examples of those are in the tree.</summary>
public sealed partial class CommittedFilesTests
{
    [Fact]
    public async Task SecretFiles_OfEveryOverlay_AreIgnoredByGit()
    {
        Tool.Require("git", "apt-get install git");
        string[] files = [.. Kustomizations().SelectMany(f => SecretFile().Matches(File.ReadAllText(f)).Select(m => Path.Combine(Path.GetDirectoryName(f)!, m.Groups[1].Value)))];
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            Assert.Equal(0, (await Tool.RunAsync("git", ["check-ignore", "--quiet", file])).ExitCode);
            Assert.NotEqual(0, (await Tool.RunAsync("git", ["check-ignore", "--quiet", file + ".example"])).ExitCode);
            Assert.True(File.Exists(file + ".example"), $"{file}.example says what goes into it");
        }
    }

    [Fact]
    public void Tree_Committed_HoldsNoSecretValue()
    {
        Assert.All(Directory.EnumerateFiles(Repository.Kubernetes, "*.yaml", SearchOption.AllDirectories), f => Assert.DoesNotContain("kind: Secret", File.ReadAllText(f)));
        Assert.All(Kustomizations(), f => Assert.DoesNotMatch(@"secretGenerator:\s*\n(- name: .*\n\s+)literals", File.ReadAllText(f)));
        foreach (string example in Directory.EnumerateFiles(Repository.Kubernetes, "*.env.example", SearchOption.AllDirectories))
        {
            Assert.All(
                File.ReadLines(example).Where(l => SecretLine().IsMatch(l)),
                l => Assert.Contains("CHANGE-ME", l));
        }
    }

    private static IEnumerable<string> Kustomizations() => Directory.EnumerateFiles(Repository.Kubernetes, "kustomization.yaml", SearchOption.AllDirectories);

    [GeneratedRegex(@"^\s+- (secrets/\S+\.env)\s*$", RegexOptions.Multiline)]
    private static partial Regex SecretFile();

    [GeneratedRegex("(?i)^[^#]*(password|pepper|key)[^=]*=")]
    private static partial Regex SecretLine();
}
