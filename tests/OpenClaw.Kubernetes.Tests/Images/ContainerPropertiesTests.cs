using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OpenClaw.Kubernetes.Tests.Images;

/// <summary>SDK container publishing and Dockerfile of a service make the same image.</summary>
public sealed class ContainerPropertiesTests
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<JsonElement>>> Evaluated = new();

    [Theory]
    [InlineData("OpenClaw.Edge")]
    [InlineData("OpenClaw.RatingApi")]
    [InlineData("OpenClaw.Console")]
    [InlineData("OpenClaw.Notifier")]
    public async Task Service_Evaluated_AgreesWithItsDockerfile(string project)
    {
        JsonElement properties = await PropertiesAsync(project);
        string dockerfile = File.ReadAllText(Repository.At($"{project}/Dockerfile"));
        // aspirate takes both over its own command line.
        Assert.Equal(("", ""), (Property(properties, "ContainerRepository"), Property(properties, "ContainerImageTag")));
        Assert.Equal(Property(properties, "ContainerBaseImage"), Line(dockerfile, "ARG BASE_IMAGE="));
        Assert.Equal(Property(properties, "ContainerUser"), Line(dockerfile, "USER "));
        Assert.Equal(Property(properties, "ContainerVersion"), Line(dockerfile, "ARG VERSION="));
        Assert.Contains($"org.opencontainers.image.title=\"{Property(properties, "ContainerTitle")}\"", dockerfile);
        Assert.Contains($"org.opencontainers.image.vendor=\"{Property(properties, "ContainerVendor")}\"", dockerfile);
        Assert.Contains($"org.opencontainers.image.authors=\"{Property(properties, "ContainerAuthors")}\"", dockerfile);
        Assert.Equal($"[\"dotnet\", \"/app/{project}.dll\"]", Line(dockerfile, "ENTRYPOINT "));
        Assert.Equal(["ASPNETCORE_HTTP_PORTS=8080", "DOTNET_USE_POLLING_FILE_WATCHER=true"], Lines(dockerfile, "ENV "));
        Assert.Equal("EXPOSE 8080", Regex.Match(dockerfile, "EXPOSE .*").Value);
    }

    [Fact]
    public async Task Service_ByDefault_HasAChiseledBaseAndANumberedUser()
    {
        JsonElement properties = await PropertiesAsync("OpenClaw.RatingApi");
        Assert.EndsWith("-chiseled", Property(properties, "ContainerBaseImage"));
        Assert.Equal("1654", Property(properties, "ContainerUser"));
    }

    [Fact]
    public async Task Service_PropertiesGiven_AreTaken()
    {
        string[] given = ["-p:ContainerBaseImage=example/base:1", "-p:ContainerImageTag=7", "-p:ContainerUser=4711"];
        JsonElement properties = await PropertiesAsync("OpenClaw.RatingApi", given);
        Assert.Equal(
            ["example/base:1", "7", "7", "4711"],
            from name in (string[])["ContainerBaseImage", "ContainerImageTag", "ContainerVersion", "ContainerUser"]
            select Property(properties, name));
    }

    [Theory]
    [InlineData(true, "linux-", "-p:_IsPublishing=true")]
    [InlineData(true, "linux-arm64", "-p:_IsPublishing=true", "-p:ContainerRuntimeIdentifier=linux-arm64")]
    [InlineData(false, "", "-p:_IsPublishing=true", "-p:ContainerRuntimeIdentifiers=linux-x64%3Blinux-arm64")]
    [InlineData(false, "", "-p:_IsPublishing=true", "-p:PublishReadyToRun=false")]
    [InlineData(false, "")]
    public async Task Service_Published_IsCompiledForThePlatformOfItsImage(bool isCompiled, string platform, params string[] given)
    {
        JsonElement properties = await PropertiesAsync("OpenClaw.Edge", given);
        Assert.Equal(isCompiled, Property(properties, "PublishReadyToRun") == "true");
        Assert.StartsWith(platform, Property(properties, "RuntimeIdentifier"));
        Assert.Equal(platform.Length == 0, Property(properties, "RuntimeIdentifier").Length == 0);
        Assert.NotEqual("true", Property(properties, "SelfContained"));
    }

    // Several tests ask for the same.
    private static Task<JsonElement> PropertiesAsync(string project, params string[] given) => Evaluated.GetOrAdd(
        string.Join(' ', [project, .. given]), _ => new Lazy<Task<JsonElement>>(() => EvaluateAsync(project, given))).Value;

    private static async Task<JsonElement> EvaluateAsync(string project, string[] given)
    {
        const string Names = "ContainerRepository,ContainerBaseImage,ContainerUser,ContainerImageTag,ContainerVersion,ContainerTitle," +
            "ContainerAuthors,ContainerVendor,PublishReadyToRun,RuntimeIdentifier,SelfContained";
        string[] arguments = ["msbuild", Repository.At($"{project}/{project}.csproj"), $"-getProperty:{Names}", .. given];
        Tool.Result result = await Tool.RunAsync("dotnet", arguments);
        return JsonDocument.Parse(result.Successful()).RootElement.GetProperty("Properties");
    }

    private static string Property(JsonElement properties, string name) => properties.GetProperty(name).GetString()!;

    private static string Line(string text, string start) => Lines(text, start).Single();

    private static IEnumerable<string> Lines(string text, string start) =>
        text.Split('\n').Where(line => line.StartsWith(start, StringComparison.Ordinal)).Select(line => line[start.Length..]);
}
