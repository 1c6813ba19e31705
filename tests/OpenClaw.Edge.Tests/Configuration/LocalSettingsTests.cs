using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Configuration;

public sealed class LocalSettingsTests(SharedRedis redis) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openclaw-local-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Local_InDevelopment_OverridesFilesAndIsOverriddenByTheRest()
    {
        Write("""{ "A": "local", "B": "local" }""");
        File.WriteAllText(Path.Combine(_folder.FullName, "appsettings.Development.json"), """{ "A": "development", "C": "development" }""");

        IConfiguration configuration = Configure("Development", "--B=command line");

        Assert.Equal(("local", "command line", "development"), (configuration["A"], configuration["B"], configuration["C"]));
    }

    [Fact]
    public void Local_ElsewhereThanInDevelopment_IsNotRead()
    {
        Write("""{ "A": "local" }""");

        Assert.Null(Configure("Production")["A"]);
    }

    [Fact]
    public void Local_IsIgnoredByGitAndNeverPublished()
    {
        Assert.Contains(LocalSettings.FileName, File.ReadAllLines(Repository.Path(".gitignore")));
        Assert.Contains($"**/{LocalSettings.FileName}", File.ReadAllLines(Repository.Path(".dockerignore")));
        Assert.Contains(
            $"""<Content Update="{LocalSettings.FileName}" CopyToOutputDirectory="Never" CopyToPublishDirectory="Never" />""",
            File.ReadAllText(Repository.Path("OpenClaw.Edge", "OpenClaw.Edge.csproj")));
    }

    [Fact]
    public async Task Local_WrittenWhileTheEdgeRuns_ComesIntoForceOrIsReported()
    {
        foreach (string file in (string[])["appsettings.json", "appsettings.Development.json"])
        {
            File.Copy(Repository.Path("OpenClaw.Edge", file), Path.Combine(_folder.FullName, file));
        }

        await using Stack stack = await Stack.StartAsync(redis, ("contentRoot", _folder.FullName));
        Write(Json(3));
        await WaitForQuotaAsync(stack, 3);

        Write(Json(-1));
        await Poll.UntilAsync(
            "the mistake is logged",
            () => stack.Edge.Logs.GetSnapshot().Any(record => record.Message.Contains("Capacity is -1", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(20));
        await WaitForQuotaAsync(stack, 3);
    }

    private static string Json(int capacity) =>
        $$"""{ "OpenClaw": { "Edge": { "Policies": { "rating": { "Buckets": { "burst": { "Capacity": {{capacity}} } } } } } } }""";

    private static Task WaitForQuotaAsync(Stack stack, int quota) => Poll.UntilAsync(
        "the new capacity is in force",
        async () =>
        {
            using HttpResponseMessage response = await stack.Edge.Client.SendAsync();
            return response.Header("RateLimit-Policy")!.Contains($"q={quota};", StringComparison.Ordinal);
        },
        TimeSpan.FromSeconds(20));

    private IConfiguration Configure(string environment, params string[] arguments)
    {
        WebApplicationOptions options = new() { Args = arguments, ContentRootPath = _folder.FullName, EnvironmentName = environment };
        return WebApplication.CreateBuilder(options).AddLocalSettings().Configuration;
    }

    private void Write(string json) => File.WriteAllText(Path.Combine(_folder.FullName, LocalSettings.FileName), json);
}
