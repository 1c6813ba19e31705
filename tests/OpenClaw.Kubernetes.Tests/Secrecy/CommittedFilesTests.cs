namespace OpenClaw.Kubernetes.Tests.Secrecy;

/// <summary>No secret value is committed: Secrets are generated from files that git ignores, and only examples of those are in the
/// tree.</summary>
public sealed class CommittedFilesTests
{
    // What a cluster, a shell or a service reads; sources and documents tell of secrets, and tests have their own.
    private static readonly string[] Kinds =
        [".yaml", ".yml", ".json", ".env", ".example", ".conf", ".sh", ".props", ".config", ".pem", ".key", ".pfx"];

    [Fact]
    public async Task SecretFiles_OfEveryGenerator_AreIgnoredByGit()
    {
        string[] files = [.. (await TrackedAsync()).Where(f => Path.GetFileName(f) == "kustomization.yaml")
            .SelectMany(f =>
                SecretGenerators.Read(File.ReadAllText(Repository.At(f))).SelectMany(g => g.Sources)
                    .Select(s => Path.Combine(Path.GetDirectoryName(f)!, s)))];
        Assert.Equal(7, files.Length);
        foreach (string file in files)
        {
            Assert.Equal(0, (await Tool.RunAsync("git", ["check-ignore", "--quiet", file])).ExitCode);
            Assert.NotEqual(0, (await Tool.RunAsync("git", ["check-ignore", "--quiet", file + ".example"])).ExitCode);
            Assert.True(File.Exists(Repository.At(file + ".example")), $"{file}.example says what goes into it");
        }
    }

    [Fact]
    public async Task Tree_Committed_HoldsNoSecretValue()
    {
        string[] files =
            [.. (await TrackedAsync()).Where(f =>
                Kinds.Contains(Path.GetExtension(f)) && !f.StartsWith("tests/") && !f.Contains("/tests/"))];
        Assert.Contains("aspire-manifest/manifest.json", files);
        Assert.Contains("aspire-manifest/kubernetes/production/secrets/edge.env.example", files);
        Assert.Empty(files.SelectMany(f => SecretScan.Violations(f, File.ReadAllText(Repository.At(f)))));
    }

    [Theory]
    [InlineData("production/secrets/edge.env", "A=b\n", "production/secrets/edge.env: only its example is committed")]
    [InlineData("secrets/redis.env", "", "secrets/redis.env: only its example is committed")]
    [InlineData("x.yaml", "apiVersion: v1\nkind: Secret\n", "x.yaml: a Secret in plain text")]
    [InlineData(
        "kustomization.yaml",
        "secretGenerator:\n- name: first\n  envs:\n  - secrets/a.env\n- name: second\n  literals:\n  - A=b\n",
        "kustomization.yaml: second has literals")]
    [InlineData("tls.key", "-----BEGIN EC PRIVATE KEY-----\n", "tls.key: a private key")]
    [InlineData("x.yaml", "  - ConnectionStrings__redis=redis:6379,password=hunter2\n", "x.yaml: a value for password")]
    [InlineData("x.json", "{ \"REDIS_PASSWORD\": \"hunter2\" }", "x.json: a value for REDIS_PASSWORD")]
    [InlineData("edge.env.example", "OpenClaw__Edge__Admin__Key=hunter2\n", "edge.env.example: a value for OpenClaw__Edge__Admin__Key")]
    [InlineData(
        "x.yaml",
        "        - name: OpenClaw__Edge__ApiKeys__Pepper\n          value: hunter2\n",
        "x.yaml: a value for OpenClaw__Edge__ApiKeys__Pepper")]
    public void Scan_ASecretInAFile_NamesIt(string path, string text, string violation) =>
        Assert.Equal([violation], SecretScan.Violations(path, text));

    [Fact]
    public void Generators_OfEveryKind_AreSeen()
    {
        const string Text = "secretGenerator:\n- name: a\n  envs:\n  - secrets/a.env\n  - secrets/b.env\n" +
            "- name: b\n  files:\n  - tls.key=secrets/tls.key\n  - secrets/ca.crt\n";
        Assert.Equal(["secrets/a.env", "secrets/b.env", "secrets/tls.key", "secrets/ca.crt"],
            SecretGenerators.Read(Text).SelectMany(g => g.Sources));
    }

    private static async Task<string[]> TrackedAsync()
    {
        Tool.Require("git", "apt-get install git");
        string[] files = (await Tool.RunAsync("git", ["ls-files", "-z"])).Successful().Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return [.. files.Where(f => File.Exists(Repository.At(f)))];
    }
}
