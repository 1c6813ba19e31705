namespace OpenClaw.AppHost.Tests.Manifest;

public sealed class ManifestTests
{
    [Fact]
    public async Task CommittedManifest_ComparedWithTheGraph_SaysTheSame()
    {
        var folder = Directory.CreateTempSubdirectory("openclaw-manifest-");
        try
        {
            var generated = Path.Combine(folder.FullName, "manifest.json");
            var (exitCode, output, errors) = await AppHostProcess.RunAsync("--publisher", "manifest", "--output-path", generated);
            Assert.True(exitCode == 0 && File.Exists(generated), $"No manifest: {output}{errors}");

            var expected = ManifestFacts.Read(generated);
            var committed = ManifestFacts.Read(Path.Combine(Projects.OpenClaw_AppHost.ProjectPath, "..", "aspire-manifest", "manifest.json"));

            // When this fails: dotnet run --project OpenClaw.AppHost --launch-profile generate-manifest
            Assert.Equal(expected, committed);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
