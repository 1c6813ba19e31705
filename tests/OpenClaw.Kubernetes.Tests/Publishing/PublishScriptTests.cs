using System.Text.RegularExpressions;

namespace OpenClaw.Kubernetes.Tests.Publishing;

/// <summary>publish.sh with a <c>dotnet</c> that only pretends: which aspirate it takes, what it leaves alone, and what it says when something is wrong.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PublishScriptTests : IDisposable
{
    private const string NotOnTheFeed = "echo 'Version 9.1.0 of package aspirate is not found in NuGet feeds the-feed.' >&2; exit 1";
    private const string NoNetwork = "echo 'Unhandled exception: Unable to load the service index for source the-feed.' >&2; exit 1";

    private readonly string _root = Directory.CreateTempSubdirectory("openclaw-publish-").FullName;

    public PublishScriptTests()
    {
        Copy("publish.sh");
        Copy("eng/Container.props");
        Copy(".config/dotnet-tools.json");
        foreach (string file in Directory.EnumerateFiles(Repository.Kubernetes, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) != ".env" || f.EndsWith("settings.env")))
        {
            Copy(Path.GetRelativePath(Repository.Root, file));
        }

        Write("aspire-manifest/manifest.json", File.ReadAllText(Repository.At("tests/OpenClaw.Kubernetes.Tests/Fixtures/manifest.json")));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Aspirate_NotOnTheFeed_TakesTheStandInAndSaysSo()
    {
        Tool.Result result = await PublishAsync(NotOnTheFeed, "--skip-manifest", "--registry", "registry.example.com/team");
        Assert.Equal("", result.Error.Replace("aspirate: eng/aspirate-offline, because the package feed has no aspirate\n", ""));
        Assert.Contains("run --project ../eng/aspirate-offline", Calls());
        Assert.EndsWith("deploy: kubectl apply -k aspire-manifest/kubernetes/production\n", result.Successful());
    }

    [Fact]
    public async Task Aspirate_OnTheFeed_IsTaken()
    {
        Tool.Result result = await PublishAsync("exit 0", "--skip-manifest");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("aspirate: the tool of .config/dotnet-tools.json", result.Error);
        Assert.Contains("aspirate settings update-checks disable", Calls());
        Assert.Contains("aspirate generate --non-interactive --disable-state --disable-secrets --skip-build --aspire-manifest manifest.json", Calls());
        Assert.Contains("--parameter redis-password=set-by-overlay", Calls());
        Assert.DoesNotContain("redis-password-uri-encoded=", Calls());
        Assert.DoesNotContain("aspirate-offline", Calls());
    }

    [Fact]
    public async Task Aspirate_ByHandAsTheGuideSays_IsTheSameCommand()
    {
        (await PublishAsync("exit 0", "--skip-manifest", "--registry", "registry.example.com/team", "--tag", "1.0.0")).Successful();
        string call = Regex.Replace(Calls().Split('\n').Single(l => l.StartsWith("aspirate generate ")), @"--output-path \S+", "--output-path kubernetes/base");
        Assert.Contains($"\ndotnet {call}\n", File.ReadAllText(Repository.At("docs/how-to/deploy-to-kubernetes.md")).Replace(" \\\n  ", " "));
    }

    [Fact]
    public async Task Aspirate_WritesNothingAndSaysSuccess_LeavesTheBaseAlone()
    {
        Tool.Result result = await PublishAsync("exit 0", ["--skip-manifest"], generate: ":");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no base was written; the old one is as it was", result.Error);
        Assert.True(File.Exists(At("aspire-manifest/kubernetes/base/kustomization.yaml")));
        Assert.Empty(Directory.GetDirectories(At("aspire-manifest/kubernetes"), ".base.*"));
    }

    [Fact]
    public async Task Aspirate_FeedOutOfReach_IsAnErrorAndNotAnAnswer()
    {
        string before = File.ReadAllText(At("aspire-manifest/kubernetes/base/kustomization.yaml"));
        Tool.Result result = await PublishAsync(NoNetwork, "--skip-manifest");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Unable to load the service index", result.Error);
        Assert.Contains("--aspirate offline", result.Error);
        Assert.DoesNotContain("aspirate-offline", Calls());
        Assert.Equal(before, File.ReadAllText(At("aspire-manifest/kubernetes/base/kustomization.yaml")));
    }

    [Fact]
    public async Task Aspirate_ForcedOffline_AsksNoFeed()
    {
        Tool.Result result = await PublishAsync(NoNetwork, "--skip-manifest", "--aspirate", "offline");
        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain("tool restore", Calls());
    }

    [Fact]
    public async Task Aspirate_ForcedFromAFeedWithoutIt_Fails()
    {
        Tool.Result result = await PublishAsync(NotOnTheFeed, "--skip-manifest", "--aspirate", "nuget");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("is not found in NuGet feeds", result.Error);
    }

    [Fact]
    public async Task Secrets_MadeOnce_AreKept()
    {
        (await PublishAsync(NotOnTheFeed, "--skip-manifest")).Successful();
        string redis = File.ReadAllText(At("aspire-manifest/kubernetes/production/secrets/redis.env"));
        string edge = File.ReadAllText(At("aspire-manifest/kubernetes/production/secrets/edge.env"));
        string password = redis.Trim().Split('=')[1];
        Assert.Equal(32, password.Length);
        Assert.Contains($"password={password},", edge);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("aspire-manifest/kubernetes/production/secrets/edge.env")));

        Assert.DoesNotContain(password, (await PublishAsync(NotOnTheFeed, "--skip-manifest")).Successful());
        Assert.Equal(redis, File.ReadAllText(At("aspire-manifest/kubernetes/production/secrets/redis.env")));
        Assert.Equal(edge, File.ReadAllText(At("aspire-manifest/kubernetes/production/secrets/edge.env")));
    }

    [Fact]
    public async Task Secrets_OnlyOneThere_IsRefused()
    {
        Write("aspire-manifest/kubernetes/production/secrets/redis.env", "REDIS_PASSWORD=mine\n");
        Tool.Result result = await PublishAsync(NotOnTheFeed, "--skip-manifest");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("the password must be the same in both", result.Error);
    }

    [Theory]
    [InlineData("production", "edge.env still says CHANGE-ME", "redis.env", "edge.env")]
    [InlineData("managed-redis", "edge.env still says CHANGE-ME", "edge.env")]
    public async Task Secrets_CopiedFromTheExampleAndNotFilledIn_AreRefused(string overlay, string error, params string[] files)
    {
        foreach (string file in files)
        {
            string example = File.ReadAllText(At($"aspire-manifest/kubernetes/{overlay}/secrets/{file}.example"));
            Write($"aspire-manifest/kubernetes/{overlay}/secrets/{file}", file == "redis.env" ? example.Replace("=CHANGE-ME", "=mine") : example);
        }

        Tool.Result result = await PublishAsync(NotOnTheFeed, "--skip-manifest", "--overlay", overlay);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(error, result.Error);
        // The comments' own CHANGE-ME are none.
        Write($"aspire-manifest/kubernetes/{overlay}/secrets/edge.env", "# replace every CHANGE-ME\nA=b\n");
        (await PublishAsync(NotOnTheFeed, "--skip-manifest", "--overlay", overlay)).Successful();
    }

    [Fact]
    public async Task Manifest_FromTheAppHost_ReplacesTheCommittedOne()
    {
        (await PublishAsync(NotOnTheFeed)).Successful();
        Assert.Contains("run --project OpenClaw.AppHost --no-launch-profile -- --publisher manifest --output-path", Calls());
        Assert.Equal("{ \"from\": \"the AppHost\" }\n", File.ReadAllText(At("aspire-manifest/manifest.json")));
        Assert.Empty(Directory.GetFiles(At("aspire-manifest"), ".manifest.*"));
    }

    /// <summary>On a public hub, openclaw/edge is somebody else's name.</summary>
    [Theory]
    [InlineData("", true)]
    [InlineData("--registry team", true)]
    [InlineData("--overlay managed-redis", true)]
    [InlineData("--overlay local", false)]
    [InlineData("--registry localhost:5000/team", false)]
    [InlineData("--registry registry.example.com", false)]
    public async Task Registry_WithoutAHost_IsWarnedAbout(string options, bool warned)
    {
        Tool.Result result = await PublishAsync(NotOnTheFeed, ["--skip-manifest", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(warned, result.Error.Contains("warning: the images are "));
        Assert.Equal(warned, result.Error.Contains("name yours with --registry registry.example.com/team\n"));
    }

    [Fact]
    public async Task Images_Pushed_GoToTheRegistryUnderTheTag()
    {
        (await PublishAsync(NotOnTheFeed, "--skip-manifest", "--images", "push", "--registry", "registry.example.com:5000/team", "--tag", "7.1", "--runtime", "linux-arm64")).Successful();
        Assert.Contains("publish OpenClaw.Edge/OpenClaw.Edge.csproj -c Release", Calls());
        Assert.Contains("-t:PublishContainer -p:ContainerImageTag=7.1", Calls());
        Assert.Contains("-p:ContainerRegistry=registry.example.com:5000 -p:ContainerRepository=team/edge -p:ContainerRuntimeIdentifier=linux-arm64", Calls());
        Assert.Contains("-p:ContainerRepository=team/rating-api", Calls());
        Assert.Contains("--container-registry registry.example.com:5000/team --container-image-tag 7.1", Calls());
    }

    [Theory]
    [InlineData("--tag latest", "--tag latest names no particular image: give a version")]
    [InlineData("--tag 1.0+2", "--tag must be letters, digits, dots, dashes and underscores, such as 1.0.0, not '1.0+2'")]
    [InlineData("--registry https://registry.example.com/team", "--registry must begin an image's name, such as registry.example.com/team, without a scheme")]
    [InlineData("--registry registry.example.com/Team", "in lower case, not 'registry.example.com/Team'")]
    [InlineData("--tag", "--tag needs a value, see --help")]
    [InlineData("--overlay staging", "--overlay must be production, managed-redis or local, not 'staging'")]
    [InlineData("--overlay base", "--overlay must be production, managed-redis or local, not 'base'")]
    [InlineData("--runtime linux-arm64", "--base-image and --runtime are for the images: give --images local or push as well")]
    [InlineData("--images all", "--images must be none, local or push, not 'all'")]
    [InlineData("--images push", "--images push needs a registry with a host")]
    [InlineData("--aspirate maybe", "--aspirate must be auto, nuget or offline, not 'maybe'")]
    [InlineData("--colour red", "unknown option '--colour', see --help")]
    public async Task Option_Wrong_IsNamedAndNothingRuns(string options, string error)
    {
        Tool.Result result = await PublishAsync("exit 0", options.Split(' '));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(error, result.Error);
        Assert.Equal("", Calls());
    }

    [Fact]
    public async Task Help_Asked_NamesEveryOption()
    {
        string help = (await PublishAsync("exit 1", "--help")).Successful();
        Assert.All(
            (string[])["--registry", "--tag", "--images", "--base-image", "--runtime", "--overlay", "--aspirate", "--skip-manifest"],
            option => Assert.Contains(option, help));
    }

    /// <summary>Runs the copy of publish.sh with a stub of dotnet, whose answer to <c>tool restore</c> is given.</summary>
    private Task<Tool.Result> PublishAsync(string toolRestore, params string[] arguments) => PublishAsync(toolRestore, arguments, $"""cp -r "{Repository.Base}/." "$out" """);

    private async Task<Tool.Result> PublishAsync(string toolRestore, string[] arguments, string generate)
    {
        Tool.Require("bash", "apt-get install bash");
        Write("stub/dotnet", $$"""
            #!/bin/sh
            echo "$*" >>"{{_root}}/calls"
            case "$*" in
              "tool restore"*) {{toolRestore}} ;;
              *AppHost*) for last; do :; done; echo '{ "from": "the AppHost" }' >"$last" ;;
              *generate*)
                out=$(echo "$*" | sed 's/.*--output-path \([^ ]*\).*/\1/')
                {{generate}} ;;
            esac

            """);
        File.SetUnixFileMode(At("stub/dotnet"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string path = $"{At("stub")}:{Environment.GetEnvironmentVariable("PATH")}";
        return await Tool.RunAsync("bash", [At("publish.sh"), .. arguments], _root, new Dictionary<string, string> { ["PATH"] = path });
    }

    private string Calls() => File.Exists(At("calls")) ? File.ReadAllText(At("calls")) : "";

    private string At(string path) => Path.Combine(_root, path);

    private void Copy(string path) => Write(path, File.ReadAllText(Repository.At(path)));

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }
}
