namespace OpenClaw.AppHost.Tests.Manifest;

public sealed class ManifestTests
{
    private static readonly string Committed = Path.Combine(Projects.OpenClaw_AppHost.ProjectPath, "..", "aspire-manifest", "manifest.json");

    // When one fails: dotnet run --project OpenClaw.AppHost --launch-profile generate-manifest
    [Fact]
    public Task CommittedManifest_ComparedWithTheGraph_SaysTheSame() => ComparedAsync();

    /// <summary>Settings that choose what runs on a machine say nothing about what is deployed, and a connection string does not get into the manifest.</summary>
    [Theory]
    [InlineData("--OpenClaw:Redis=embedded")]
    [InlineData("--OpenClaw:Redis=external", "--ConnectionStrings:redis=elsewhere:6379,password=hidden")]
    [InlineData("--OpenClaw:RatingApi=https://ratings.example.com")]
    [InlineData("--OpenClaw:Redis=memcached", "--Parameters:redis-password=hidden")]
    public async Task CommittedManifest_WhateverTheSettingsOfThisMachine_SaysTheSame(params string[] settings) =>
        Assert.DoesNotContain("hidden", await ComparedAsync(settings), StringComparison.Ordinal);

    private static async Task<string> ComparedAsync(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("openclaw-manifest-");
        try
        {
            var generated = Path.Combine(folder.FullName, "manifest.json");
            var (exitCode, output, errors) = await AppHostProcess.RunAsync(["--publisher", "manifest", "--output-path", generated, .. settings]);
            Assert.True(exitCode == 0 && File.Exists(generated), $"No manifest: {output}{errors}");
            Assert.Equal(ManifestFacts.Read(generated), ManifestFacts.Read(Committed));
            return await File.ReadAllTextAsync(generated);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
