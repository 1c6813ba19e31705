using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Configuration;

/// <summary>Tests the settings file that is mounted into a container.</summary>
public sealed class MountedSettingsTests(SharedRedis redis) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openclaw-mounted-");

    private string Mounted => Path.Combine(_folder.FullName, "mount", "settings.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Settings_OfTheMountedFile_OverrideTheFilesOfTheImageOnly()
    {
        Mount("v1", """{ "A": "mounted", "B": "mounted" }""");
        File.WriteAllText(Path.Combine(_folder.FullName, "appsettings.Production.json"), """{ "A": "image", "C": "image" }""");

        IConfiguration configuration = Configure($"--OpenClaw:Edge:SettingsFile={Mounted}", "--B=command line");

        Assert.Equal(("mounted", "command line", "image"), (configuration["A"], configuration["B"], configuration["C"]));
    }

    [Theory]
    [InlineData("missing.json")]
    [InlineData("/no/such/folder/settings.json")]
    public void SettingsFile_Missing_IsNamed(string path)
    {
        OptionsValidationException error = Assert.Throws<OptionsValidationException>(
            () => Configure($"--OpenClaw:Edge:SettingsFile={path}"));

        Assert.Equal(
            $"OpenClaw:Edge:SettingsFile is '{path}'; it must be the full path of an existing JSON file, such as "
                + "/etc/openclaw/settings.json.",
            Assert.Single(error.Failures));
    }

    [Fact]
    public async Task MountedFile_ReplacedAsTheKubeletDoes_ComesIntoForce()
    {
        foreach (string file in (string[])["appsettings.json", "appsettings.Development.json"])
        {
            File.Copy(Repository.Path("OpenClaw.Edge", file), Path.Combine(_folder.FullName, file));
        }

        Mount("v1", Json(7));
        File.WriteAllText(
            Path.Combine(_folder.FullName, "appsettings.Staging.json"),
            $$"""{ "OpenClaw": { "Edge": { "SettingsFile": "{{Mounted}}" } } }""");
        await using Stack stack = await Stack.StartAsync(redis, ("contentRoot", _folder.FullName), ("environment", "Staging"));
        await WaitForQuotaAsync(stack, 7);

        Mount("v2", Json(3));
        await WaitForQuotaAsync(stack, 3);
    }

    /// <summary>Writes a folder for each version and points a link at it, as the kubelet mounts a ConfigMap.</summary>
    private void Mount(string version, string json)
    {
        string mount = _folder.CreateSubdirectory("mount").FullName;
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(mount, version)).FullName, "settings.json"), json);
        string next = Path.Combine(mount, "..data_tmp");
        Directory.CreateSymbolicLink(next, version);
        if (File.Exists(Mounted))
        {
            Directory.Delete(Path.Combine(mount, "..data"));
            Directory.Move(next, Path.Combine(mount, "..data"));
            return;
        }

        Directory.Move(next, Path.Combine(mount, "..data"));
        File.CreateSymbolicLink(Mounted, Path.Combine("..data", "settings.json"));
    }

    private static string Json(int capacity) =>
        $$"""{ "OpenClaw": { "Edge": { "Policies": { "rating": { "Buckets": { "burst": { "Capacity": {{capacity}} } } } } } } }""";

    private static Task WaitForQuotaAsync(Stack stack, int quota) => Poll.UntilAsync(
        "the capacity is in force",
        async () =>
        {
            using HttpResponseMessage response = await stack.Edge.Client.SendAsync();
            return response.Header("RateLimit-Policy")?.Contains($"q={quota};", StringComparison.Ordinal) == true;
        },
        TimeSpan.FromSeconds(20));

    private IConfiguration Configure(params string[] arguments)
    {
        WebApplicationOptions options = new() { Args = arguments, ContentRootPath = _folder.FullName, EnvironmentName = "Production" };
        return WebApplication.CreateBuilder(options).AddLocalSettings().AddMountedSettings().Configuration;
    }
}
