using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.AppHost.Tests;

/// <summary>F5: the editors' launch files name existing projects and profiles.</summary>
public sealed class LaunchTests
{
    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip };
    private static readonly string Root = Path.GetFullPath(Path.Combine(Projects.OpenClaw_AppHost.ProjectPath, ".."));

    [Theory]
    [InlineData("OpenClaw.AppHost")]
    [InlineData("OpenClaw.Edge")]
    [InlineData("OpenClaw.RatingApi")]
    public void LaunchSettings_OfAProject_HaveHttpFirstAndHttps(string project)
    {
        var profiles = Read($"{project}/Properties/launchSettings.json")["profiles"]!.AsObject();

        // The first is what a plain `dotnet run` takes: https needs a development certificate, which not every machine has.
        Assert.Equal("http", profiles.First().Key);
        Assert.DoesNotContain("https:", (string?)profiles["http"]!["applicationUrl"], StringComparison.Ordinal);
        Assert.StartsWith("https:", (string?)profiles["https"]!["applicationUrl"], StringComparison.Ordinal);
        Assert.All(["http", "https"],
            profile => Assert.Equal("Development", (string?)profiles[profile]!["environmentVariables"]!["ASPNETCORE_ENVIRONMENT"]));
    }

    [Fact]
    public void VisualStudioCode_Launch_StartsTheAppHostAsItIsBuilt()
    {
        var launch = Read(".vscode/launch.json")["configurations"]!.AsArray().Single(
            configuration => (string?)configuration!["request"] == "launch")!;
        var tasks = Read(".vscode/tasks.json")["tasks"]!.AsArray();

        var built = typeof(Projects.OpenClaw_AppHost).Assembly.GetName().Name;
        Assert.Equal($"OpenClaw.AppHost/bin/Debug/{TargetFramework}/{built}.dll", InWorkspace(launch["program"]));
        var profiles = Read(InWorkspace(launch["launchSettingsFilePath"]))["profiles"]!.AsObject();
        Assert.Contains((string)launch["launchSettingsProfile"]!, profiles);
        var build = Assert.Single(tasks, task => (string?)task!["label"] == (string?)launch["preLaunchTask"])!;
        Assert.True(File.Exists(Path.Combine(Root, InWorkspace(build["args"]![1]))), "The task builds a project that is not there.");
    }

    private static string TargetFramework => $"net{Environment.Version.ToString(2)}";

    private static string InWorkspace(JsonNode? path) =>
        ((string)path!).Replace("${workspaceFolder}/", string.Empty, StringComparison.Ordinal);

    private static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllText(Path.Combine(Root, path)), documentOptions: WithComments)!;
}
