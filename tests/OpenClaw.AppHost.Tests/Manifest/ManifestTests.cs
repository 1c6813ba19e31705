using System.Diagnostics;

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
            await GenerateAsync(generated);

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

    private static async Task GenerateAsync(string path)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(Projects.OpenClaw_AppHost).Assembly.Location, "--publisher", "manifest", "--output-path", path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        Assert.True(process.ExitCode == 0 && File.Exists(path), $"No manifest: {await output}{await errors}");
    }
}
