namespace OpenClaw.AppHost.Tests.Manifest;

public sealed class ManifestTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Projects.OpenClaw_AppHost.ProjectPath, ".."));
    private static readonly string Committed = Path.Combine(Root, "aspire-manifest", "manifest.json");

    // When one fails: dotnet run --project OpenClaw.AppHost --launch-profile generate-manifest
    [Fact]
    public Task CommittedManifest_ComparedWithTheGraph_IsTheSame() => ComparedAsync();

    /// <summary>Settings for a local run do not change the manifest, and no connection string gets into it.</summary>
    [Theory]
    [InlineData("--OpenClaw:Redis=embedded")]
    [InlineData("--OpenClaw:Redis=external", "--ConnectionStrings:redis=elsewhere:6379,password=hidden")]
    [InlineData("--OpenClaw:RatingApi=https://ratings.example.com")]
    [InlineData("--OpenClaw:Redis=memcached", "--Parameters:redis-password=hidden")]
    public async Task CommittedManifest_WithSettingsForALocalRun_IsTheSame(params string[] settings) =>
        Assert.DoesNotContain("hidden", await ComparedAsync(settings), StringComparison.Ordinal);

    private static async Task<string> ComparedAsync(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("openclaw-manifest-");
        try
        {
            var generated = Path.Combine(folder.FullName, "manifest.json");
            var (exitCode, output, errors) = await AppHostProcess.RunAsync(
                ["--publisher", "manifest", "--output-path", generated, .. settings]);
            Assert.True(exitCode == 0 && File.Exists(generated), $"No manifest: {output}{errors}");
            // Project paths are relative to the manifest's folder.
            var here = Path.GetRelativePath(folder.FullName, Root).Replace('\\', '/');
            var manifest = (await File.ReadAllTextAsync(generated)).Replace($"\"{here}/", "\"../", StringComparison.Ordinal);
            Assert.Equal(await File.ReadAllTextAsync(Committed), manifest, ignoreLineEndingDifferences: true);
            return manifest;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
