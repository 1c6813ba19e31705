using AspirateOffline;
using AspirateOffline.Kustomize;
using AspirateOffline.Manifest;

namespace OpenClaw.Kubernetes.Tests.Offline;

/// <summary>eng/aspirate-offline writes what aspirate writes, and reports the parts of a manifest that aspirate gets wrong.</summary>
public sealed class GenerateTests
{
    private static readonly string Manifest = File.ReadAllText(Repository.At("tests/OpenClaw.Kubernetes.Tests/Fixtures/manifest.json"));

    private static readonly string[] Required =
        ["generate", "--aspire-manifest", "m", "--output-path", "o", "--namespace", "n", "--container-registry", "r.example/team",
            "--container-image-tag", "7"];

    [Fact]
    public void Environment_OfEveryKindOfReference_IsResolved()
    {
        string edge = Render(Manifest)["edge/kustomization.yaml"];
        Assert.Contains("- ConnectionStrings__redis=redis:6379,password=p1\n", edge);
        Assert.Contains("- REDIS_HOST=redis\n", edge);
        Assert.Contains("- REDIS_PORT=6379\n", edge);
        Assert.Contains("- HTTP_PORTS=8080\n", edge);
        Assert.Contains("- services__rating-api__http__0=http://rating-api:8080\n", edge);
        // A scheme is always http, and an annotated string is skipped, so that its reference stays: nothing may use this one.
        Assert.Contains("- REDIS_URI=http://:{redis-password-uri-encoded.value}@redis:6379\n", edge);
        Assert.Contains("- ASPNETCORE_URLS=http://+:8080;\n", edge);
    }

    [Fact]
    public void Project_Rendered_TakesRegistryAndTag()
    {
        Assert.Contains("image: r.example/team/edge:7\n", Render(Manifest)["edge/deployment.yaml"]);
        Assert.Contains("image: docker.io/library/redis:8.6\n", Render(Manifest)["redis/statefulset.yaml"]);
    }

    [Fact]
    public void Container_WithoutVolume_IsADeployment()
    {
        int start = Manifest.IndexOf("\"volumes\"", StringComparison.Ordinal);
        string without = Manifest.Remove(start, Manifest.IndexOf("],", start, StringComparison.Ordinal) + 2 - start);
        Assert.Contains("redis/deployment.yaml", Render(without).Keys);
        Assert.DoesNotContain("redis/statefulset.yaml", Render(without).Keys);
    }

    [Theory]
    [InlineData(
        "\"type\": \"annotated.string\"",
        "\"type\": \"azure.bicep.v0\"",
        "redis-password-uri-encoded: type 'azure.bicep.v0' is not handled")]
    [InlineData("{redis.connectionString}", "{reddis.connectionString}", "'{reddis.connectionString}' names no resource")]
    [InlineData(
        "{redis.bindings.tcp.host}\",\n        \"REDIS_PORT\"",
        "{redis.bindings.http.host}\",\n        \"REDIS_PORT\"",
        "'{redis.bindings.http.host}' names no property of 'redis'")]
    [InlineData("in_memory", "a&b", "holds '&', which aspirate writes wrongly")]
    [InlineData("in_memory", "a: b", "holds ': ', which aspirate writes wrongly")]
    [InlineData("--save 60 1", "--port {redis.bindings.tcp.port}", "redis: aspirate leaves the expression in argument")]
    [InlineData(
        "\"targetPort\": 8080,\n          \"external\"",
        "\"targetPort\": 5000,\n          \"external\"",
        "edge: a project needs exactly one binding, http on target port 8080; it has http on 5000")]
    [InlineData("\"image\": \"docker.io/library/redis:8.6\",", "", "redis: a container needs an image")]
    [InlineData(
        "\"connectionString\": \"{redis.bindings.tcp.host}",
        "\"connectionString\": \"{redis.connectionString}",
        "refers to itself")]
    public void Manifest_OneThingWrong_IsNamed(string right, string wrong, string error)
    {
        Assert.Contains(right, Manifest);
        GenerateException exception = Assert.Throws<GenerateException>(() => Render(Manifest.Replace(right, wrong)));
        Assert.Contains(error, exception.Message);
    }

    [Fact]
    public void Parameter_WithoutValue_IsNamed()
    {
        GenerateOptions options = GenerateOptions.Parse(Required);
        GenerateException exception = Assert.Throws<GenerateException>(() => KustomizeTree.Render(AspireManifest.Parse(Manifest), options));
        Assert.Equal("parameter 'redis-password' has no value: pass --parameter redis-password=VALUE", exception.Message);
    }

    [Fact]
    public void Options_SeveralWrong_AreAllNamed()
    {
        string message = Assert.Throws<GenerateException>(() => GenerateOptions.Parse(
            ["generate", "--namespace", "n", "--container-image-tag", "latest", "--parameter", "x", "--colour", "--image-pull-policy",
                "Sometimes"])).Message;
        Assert.Contains("--aspire-manifest is required", message);
        Assert.Contains("--output-path is required", message);
        Assert.Contains("--container-image-tag is 'latest'", message);
        Assert.Contains("--parameter is 'x' but must be NAME=VALUE", message);
        Assert.Contains("unknown option '--colour'", message);
        Assert.Contains("--image-pull-policy is 'Sometimes'", message);
    }

    [Fact]
    public void Options_OfAspiratesCommand_AreUnderstood()
    {
        GenerateOptions options = GenerateOptions.Parse(
            [.. Required, "--non-interactive", "--disable-state", "--disable-secrets", "--skip-build", "--output-format", "kustomize",
                "--include-dashboard", "false", "--image-pull-policy", "Always", "--parameter", "a=b=c"]);
        Assert.Equal("Always", options.PullPolicy);
        Assert.Equal("b=c", options.Parameters["a"]);
    }

    [Fact]
    public void Write_BrokenManifest_LeavesTheFolderAlone()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("aspirate-offline-");
        try
        {
            GenerateOptions options = GenerateOptions.Parse(Required) with { OutputPath = folder.FullName };
            Assert.Throws<GenerateException>(() => KustomizeTree.Write(AspireManifest.Parse(Manifest), options));
            Assert.Empty(folder.EnumerateFileSystemInfos());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Run_OutputCannotBeWritten_SaysSoInOneSentence()
    {
        string file = Path.GetTempFileName();
        try
        {
            Tool.Result result = await Tool.RunAsync(
                "dotnet",
                ["exec", typeof(GenerateOptions).Assembly.Location, "generate", "--aspire-manifest",
                    Repository.At("tests/OpenClaw.Kubernetes.Tests/Fixtures/manifest.json"),
                    "--output-path", Path.Combine(file, "base"), "--namespace", "n", "--container-registry", "r.example/team",
                        "--container-image-tag", "7",
                    "--parameter", "redis-password=p1"]);
            Assert.Equal(1, result.ExitCode);
            string line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.StartsWith(
                $"aspirate-offline: --output-path is '{Path.Combine(file, "base")}', which must be a folder that can be written: ", line);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Dictionary<string, string> Render(string manifest)
    {
        GenerateOptions options = GenerateOptions.Parse([.. Required, "--parameter", "redis-password=p1"]);
        return KustomizeTree.Render(AspireManifest.Parse(manifest), options).ToDictionary(f => f.Path, f => f.Text);
    }
}
