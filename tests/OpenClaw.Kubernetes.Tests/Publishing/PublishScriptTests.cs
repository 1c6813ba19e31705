using System.Text.RegularExpressions;

namespace OpenClaw.Kubernetes.Tests.Publishing;

/// <summary>publish.sh with a fake <c>dotnet</c>: the version of aspirate it chooses, the files it leaves unchanged, and its error
/// messages.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PublishScriptTests : PublishFolder
{
    private const string NoNetwork = "echo 'Unhandled exception: Unable to load the service index for source the-feed.' >&2; exit 1";

    [Fact]
    public async Task Aspirate_NotOnTheFeed_TakesTheStandInAndSaysSo()
    {
        Tool.Result result = await PublishAsync(NotOnTheFeed, "--skip-manifest", "--registry", "registry.example.com/team");
        Assert.Equal("", result.Error.Replace("aspirate: eng/aspirate-offline, because the package feed has no aspirate\n", ""));
        Assert.Contains("run --project ../eng/aspirate-offline", Calls());
        Assert.StartsWith("deploy: ", LastLine(result));
    }

    [Fact]
    public async Task Aspirate_OnTheFeed_IsTaken()
    {
        Tool.Result result = await PublishAsync("exit 0", "--skip-manifest");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("aspirate: the tool of .config/dotnet-tools.json", result.Error);
        Assert.Contains("aspirate settings update-checks disable", Calls());
        Assert.Contains(
            "aspirate generate --non-interactive --disable-state --disable-secrets --skip-build --aspire-manifest manifest.json", Calls());
        Assert.Contains("--parameter redis-password=set-by-overlay", Calls());
        Assert.DoesNotContain("redis-password-uri-encoded=", Calls());
        Assert.DoesNotContain("aspirate-offline", Calls());
    }

    [Fact]
    public async Task Aspirate_ByHandAsTheGuideSays_IsTheSameCommand()
    {
        (await PublishAsync("exit 0", "--skip-manifest", "--registry", "registry.example.com/team", "--tag", "1.0.0")).Successful();
        string call = Calls().Split('\n').Single(l => l.StartsWith("aspirate generate "));
        string guide = File.ReadAllText(Repository.At("docs/how-to/deploy-to-kubernetes.md")).Replace(" \\\n  ", " ");
        Assert.Contains($"\ndotnet {Regex.Replace(call, @"--output-path \S+", "--output-path kubernetes/base")}\n", guide);
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
    public async Task Manifest_FromTheAppHost_ReplacesTheCommittedOne()
    {
        (await PublishAsync(NotOnTheFeed)).Successful();
        Assert.Contains(
            "run --project OpenClaw.AppHost --no-launch-profile -p:BuildProjectReferences=false -- --publisher manifest --output-path",
            Calls());
        Assert.Equal("{ \"from\": \"the AppHost\" }\n", File.ReadAllText(At("aspire-manifest/manifest.json")));
        Assert.Empty(Directory.GetFiles(At("aspire-manifest"), ".manifest.*"));
    }

    [Theory]
    [InlineData("--tag latest", "--tag latest names no particular image: give a version")]
    [InlineData("--tag 1.0+2", "--tag must be letters, digits, dots, dashes and underscores, such as 1.0.0, not '1.0+2'")]
    [InlineData(
        "--registry https://registry.example.com/team",
        "--registry must begin an image's name, such as registry.example.com/team, without a scheme")]
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

    /// <summary>aspirate keeps its settings in the user's folder, and without one leaves a folder where it runs.</summary>
    [Fact]
    public async Task Aspirate_WithoutAHome_HasAFolderForItsSettings()
    {
        Write("home/file", "");
        (await PublishAsync("exit 0", ["--skip-manifest"], home: At("home"))).Successful();
        Assert.True(Directory.Exists(At("home/.config")));
    }
}
