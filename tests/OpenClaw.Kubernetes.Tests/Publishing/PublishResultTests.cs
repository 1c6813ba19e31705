using System.Text.RegularExpressions;

namespace OpenClaw.Kubernetes.Tests.Publishing;

/// <summary>What publish.sh leaves behind, secrets and images among it, and whether its last line is true.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PublishResultTests : PublishFolder
{
    private const string Registry = "registry.example.com/team";
    private const string Deploy = "deploy: kubectl apply -f aspire-manifest/kubernetes/namespace.yaml && kubectl apply -k ";

    [Fact]
    public async Task Secrets_MadeOnce_FitTogetherAndAreKept()
    {
        (await PublishAsync(NotOnTheFeed, "--skip-manifest")).Successful();
        string[] files = ["redis.env", "edge.env", "console.env", "notifier.env"];
        Dictionary<string, string> values = files.SelectMany(f => Read($"{Production}secrets/{f}").Split('\n'))
            .Where(l => l.Contains('=') && !l.StartsWith("ConnectionStrings"))
            .ToDictionary(l => l.Split('=')[0], l => l.Split('=')[1]);
        Assert.All(values.Values, v => Assert.True(v.Length >= 32));
        Assert.Contains($"user=edge,password={values["REDIS_EDGE_PASSWORD"]},", Read($"{Production}secrets/edge.env"));
        Assert.Contains($"user=notifier,password={values["REDIS_NOTIFIER_PASSWORD"]},", Read($"{Production}secrets/notifier.env"));
        Assert.Equal(values["OpenClaw__Edge__Admin__Key"], values["OpenClaw__Console__AdminKey"]);
        Assert.Equal(3, values.Where(v => v.Key.StartsWith("REDIS_")).Select(v => v.Value).Distinct().Count());
        Assert.All(
            files, f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At($"{Production}secrets/{f}"))));

        string[] before = [.. files.Select(f => Read($"{Production}secrets/{f}"))];
        string output = (await PublishAsync(NotOnTheFeed, "--skip-manifest")).Successful();
        Assert.DoesNotContain(values.Values, output.Contains);
        Assert.Equal(before, files.Select(f => Read($"{Production}secrets/{f}")));
    }

    [Fact]
    public async Task Secrets_PasswordWithAmpersand_IsTakenAsItIs()
    {
        (await PublishAsync(NotOnTheFeed, "--skip-manifest")).Successful();
        string redis = Read($"{Production}secrets/redis.env");
        Write($"{Production}secrets/redis.env", Regex.Replace(redis, "(?m)^REDIS_NOTIFIER_PASSWORD=.*$", "REDIS_NOTIFIER_PASSWORD=a&b"));
        File.Delete(At($"{Production}secrets/notifier.env"));

        (await PublishAsync(NotOnTheFeed, "--skip-manifest")).Successful();

        Assert.Contains("user=notifier,password=a&b,", Read($"{Production}secrets/notifier.env"));
        Assert.DoesNotContain(Directory.GetFiles(At($"{Production}secrets")), file => char.IsAsciiDigit(file[^1]));
    }

    [Fact]
    public async Task Secrets_OnlyOneThere_IsRefused()
    {
        Write($"{Production}secrets/redis.env", "REDIS_EDGE_PASSWORD=mine\n");
        Tool.Result result = await PublishAsync(NotOnTheFeed, "--skip-manifest");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("the password must be the same in both", result.Error);
    }

    [Theory]
    [InlineData("production", "edge.env still says CHANGE-ME", "redis.env", "edge.env")]
    [InlineData("managed-redis", "edge.env still says CHANGE-ME", "edge.env")]
    public async Task Secrets_CopiedFromTheExampleAndNotFilledIn_AreRefused(string overlay, string error, params string[] files)
    {
        string folder = $"aspire-manifest/kubernetes/{overlay}/secrets";
        foreach (string file in files)
        {
            string example = Read($"{folder}/{file}.example");
            Write($"{folder}/{file}", file == "redis.env" ? example.Replace("=CHANGE-ME", "=mine") : example);
        }

        Tool.Result result = await PublishAsync(NotOnTheFeed, "--skip-manifest", "--overlay", overlay);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(error, result.Error);
        // The comments' own CHANGE-ME are none.
        Write($"{folder}/edge.env", "# replace every CHANGE-ME\nA=b\n");
        (await PublishAsync(NotOnTheFeed, "--skip-manifest", "--overlay", overlay)).Successful();
    }

    [Theory]
    [InlineData("", "not ready: the images have no registry that a cluster pulls from")]
    [InlineData("--registry team", "not ready: the images have no registry that a cluster pulls from")]
    [InlineData(
        "--registry localhost:5000/team",
        Deploy + "aspire-manifest/kubernetes/production  # localhost:5000/team needs the images with the tag 1.0.0 before: " +
            "--images push; nothing outside the cluster reaches the edge yet: ")]
    [InlineData(
        "--overlay local",
        Deploy + "aspire-manifest/kubernetes/local  # the cluster needs the images openclaw/*:1.0.0 before: docs/how-to/")]
    [InlineData(
        "--overlay managed-redis --registry registry.example.com",
        "not ready: aspire-manifest/kubernetes/managed-redis/secrets/edge.env is missing (copy ")]
    public async Task LastLine_OfARun_SaysWhatIsMissing(string options, string line)
    {
        string[] arguments = ["--skip-manifest", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        Assert.StartsWith(line, LastLine(await PublishAsync(NotOnTheFeed, arguments)));
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("ingress")]
    public async Task LastLine_WithAnEntry_IsTheCommandAlone(string component)
    {
        Uncomment(component);
        string[] arguments = ["--skip-manifest", "--registry", Registry, "--images", "push"];
        Tool.Result result = await PublishAsync(NotOnTheFeed, arguments, publish: $"echo sha256:{new string('a', 64)}");
        Assert.Equal(Deploy + "aspire-manifest/kubernetes/production", LastLine(result));
    }

    [Theory]
    [InlineData("redis.env", "REDIS_OPERATOR_PASSWORD", "redis.env has no REDIS_OPERATOR_PASSWORD (see ")]
    [InlineData(
        "edge.env",
        "ConnectionStrings__redis",
        "the connection string in aspire-manifest/kubernetes/production/secrets/edge.env names no user")]
    public async Task LastLine_SecretsOfAnOlderRelease_NamesWhatTheyLack(string file, string name, string missing)
    {
        (await PublishAsync(NotOnTheFeed, "--skip-manifest", "--registry", Registry)).Successful();
        string path = $"{Production}secrets/{file}";
        Write(path, string.Join('\n', Read(path).Split('\n').Where(l => !l.StartsWith(name))));
        string line = LastLine(await PublishAsync(NotOnTheFeed, "--skip-manifest", "--registry", Registry));
        Assert.StartsWith("not ready: ", line);
        Assert.Contains(missing, line);
    }

    /// <summary>Files that were edited by hand, after which services would be refused.</summary>
    [Theory]
    [InlineData("redis.env", "REDIS_EDGE_PASSWORD=", "secrets/edge.env is not REDIS_EDGE_PASSWORD of redis.env")]
    [InlineData("redis.env", "REDIS_NOTIFIER_PASSWORD=", "secrets/notifier.env is not REDIS_NOTIFIER_PASSWORD of redis.env")]
    [InlineData("edge.env", "OpenClaw__Edge__Admin__Key=", "secrets/console.env is not OpenClaw__Edge__Admin__Key of edge.env")]
    public async Task LastLine_SecretsThatDoNotFitTogether_NamesThem(string file, string name, string error)
    {
        string[] arguments = ["--skip-manifest", "--registry", Registry];
        (await PublishAsync(NotOnTheFeed, arguments)).Successful();
        string path = $"{Production}secrets/{file}";
        Write(path, Read(path).Replace(name, $"{name}another"));
        string line = LastLine(await PublishAsync(NotOnTheFeed, arguments));
        Assert.StartsWith("not ready: ", line);
        Assert.Contains(error, line);
    }

    /// <summary>The console does not start without the key.</summary>
    [Fact]
    public async Task LastLine_AdminApiClosedAndTheConsoleLeftIn_SaysSo()
    {
        string[] arguments = ["--skip-manifest", "--registry", Registry];
        (await PublishAsync(NotOnTheFeed, arguments)).Successful();
        foreach ((string file, string name) in new[] { ("edge", "OpenClaw__Edge__Admin__Key"), ("console", "OpenClaw__Console__AdminKey") })
        {
            string path = $"{Production}secrets/{file}.env";
            Write(path, Regex.Replace(Read(path), $"^{name}=.*", $"{name}=", RegexOptions.Multiline));
        }

        string line = LastLine(await PublishAsync(NotOnTheFeed, arguments));
        Assert.StartsWith("not ready: ", line);
        Assert.Contains("console.env has no OpenClaw__Console__AdminKey", line);
    }

    /// <summary>The secrets were copied, as the guide says, and then left as they were.</summary>
    [Fact]
    public async Task LastLine_ManagedRedisWithTheConnectionOfProduction_SaysSo()
    {
        string[] arguments = ["--skip-manifest", "--registry", Registry];
        (await PublishAsync(NotOnTheFeed, arguments)).Successful();
        const string Managed = "aspire-manifest/kubernetes/managed-redis/";
        foreach (string file in (string[])["edge.env", "console.env", "notifier.env"])
        {
            Write($"{Managed}secrets/{file}", Read($"{Production}secrets/{file}"));
        }

        string[] managed = [.. arguments, "--overlay", "managed-redis"];
        string line = LastLine(await PublishAsync(NotOnTheFeed, managed));
        Assert.StartsWith("not ready: ", line);
        foreach (string file in (string[])["edge.env", "notifier.env"])
        {
            Assert.Contains($"the connection string in {Managed}secrets/{file} still names the Redis of production", line);
            Write($"{Managed}secrets/{file}", Read($"{Managed}secrets/{file}").Replace("=redis:6379,", "=redis.example.com:6379,"));
        }

        Assert.StartsWith($"{Deploy}{Managed[..^1]}", LastLine(await PublishAsync(NotOnTheFeed, managed)));
    }

    [Fact]
    public async Task LastLine_ImageOfOthersWithoutADigest_IsNamed()
    {
        Tool.Require("kubectl", "https://kubernetes.io/docs/tasks/tools/");
        string[] arguments = ["--skip-manifest", "--registry", Registry];
        Assert.DoesNotContain("no digest", LastLine(await PublishAsync(NotOnTheFeed, arguments)));
        Uncomment("valkey");
        Assert.Matches(
            "; docker.io/valkey/valkey:[0-9.]+ has no digest: docs/how-to/operate.md#upgrade-redis$",
            LastLine(await PublishAsync(NotOnTheFeed, arguments)));
    }

    [Fact]
    public async Task LastLine_TlsWithoutSslInTheConnectionString_SaysSo()
    {
        Uncomment("redis-tls");
        string line = LastLine(await PublishAsync(NotOnTheFeed, "--skip-manifest", "--registry", Registry));
        Assert.Contains("edge.env lacks ssl=true, which components/redis-tls needs", line);
        Assert.Contains("notifier.env lacks ssl=true", line);
    }

    [Fact]
    public async Task Images_Pushed_GoToTheRegistryAndTheOverlaysNameTheirDigests()
    {
        string digest = $"sha256:{new string('a', 64)}";
        string[] push = ["--skip-manifest", "--registry", "registry.example.com:5000/team", "--tag", "7.1"];
        string[] arguments = [.. push, "--images", "push", "--runtime", "linux-arm64"];
        (await PublishAsync(NotOnTheFeed, arguments, publish: $"echo {digest}")).Successful();
        Assert.Contains("publish OpenClaw.Edge/OpenClaw.Edge.csproj -c Release", Calls());
        Assert.Contains("-t:PublishContainer -p:ContainerImageTag=7.1", Calls());
        Assert.Contains("-p:ContainerRegistry=registry.example.com:5000 -p:ContainerRepository=team/edge ", Calls());
        Assert.Contains("-p:ContainerRuntimeIdentifier=linux-arm64", Calls());
        Assert.All((string[])["rating-api", "console", "notifier"], name =>
            Assert.Contains($"-p:ContainerRepository=team/{name}", Calls()));
        Assert.Contains("--container-registry registry.example.com:5000/team --container-image-tag 7.1", Calls());

        string release = Read("aspire-manifest/kubernetes/release/kustomization.yaml");
        Assert.Equal(4, release.Split($"  digest: {digest}\n").Length - 1);
        Assert.Contains("- name: openclaw/console\n  newName: registry.example.com:5000/team/console\n  newTag: \"7.1\"\n", release);
        // The same images again, and then others.
        (await PublishAsync(NotOnTheFeed, push)).Successful();
        Assert.Equal(release, Read("aspire-manifest/kubernetes/release/kustomization.yaml"));
        (await PublishAsync(NotOnTheFeed, [.. push[..^1], "7.2"])).Successful();
        Assert.DoesNotContain(digest, Read("aspire-manifest/kubernetes/release/kustomization.yaml"));
    }

    private void Uncomment(string component)
    {
        string overlay = Read($"{Production}kustomization.yaml");
        Assert.Contains($"# - ../components/{component}\n", overlay);
        Write($"{Production}kustomization.yaml", overlay.Replace($"# - ../components/{component}\n", $"- ../components/{component}\n"));
    }
}
