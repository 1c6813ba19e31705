using System.Diagnostics;
using System.Reflection;
using OpenClaw.Samples.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(Packages))]

namespace OpenClaw.Samples.Tests;

/// <summary>The packages, packed from the sources under a version of their own into a temporary folder, and what is built on
/// them.</summary>
public sealed class Packages : IAsyncLifetime
{
    private static readonly string[] Ids = ["OpenClaw.RateLimiting", "OpenClaw.RateLimiting.AspNetCore"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly string _folder = Directory.CreateTempSubdirectory("openclaw-packages-").FullName;

    public static string Root { get; } = typeof(Packages).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>Folder with the packages.</summary>
    public string Feed => Path.Combine(_folder, "feed");

    /// <summary>Version of the packages. No other run has it, so that no cache holds an older build.</summary>
    public string Version { get; } = $"1.0.0-test.{DateTime.UtcNow:yyyyMMddHHmmss}.{Environment.ProcessId}";

    public async ValueTask InitializeAsync()
    {
        foreach (string id in Ids)
        {
            await DotNetAsync("pack", $"{id}/{id}.csproj", "--output", Feed, $"-p:Version={Version}");
        }
    }

    /// <summary>Builds or publishes a sample on the packages.</summary>
    /// <returns>The folder with the output.</returns>
    public async Task<string> MakeAsync(string command, string sample, params string[] arguments)
    {
        string output = Path.Combine(_folder, sample);
        await DotNetAsync(
            [
                command, $"samples/{sample}/{sample}.csproj", "--output", output, $"-p:OpenClawPackageVersion={Version}",
                $"-p:RestoreAdditionalProjectSources={Feed}", .. arguments,
            ]);
        return output;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } path
            ? path
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (string id in Ids)
        {
            string extracted = Path.Combine(cache, id.ToLowerInvariant(), Version);
            if (Directory.Exists(extracted))
            {
                Directory.Delete(extracted, recursive: true);
            }
        }

        return ValueTask.CompletedTask;
    }

    // Output goes beside the packages, so that nothing here touches the build of the tree.
    private async Task DotNetAsync(params string[] arguments)
    {
        ProcessStartInfo info = new(
            "dotnet",
            [
                .. arguments, "--artifacts-path", Path.Combine(_folder, "artifacts"), "--configuration", "Release", "--nologo",
                "-v", "quiet", "-p:RunAnalyzers=false",
            ])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process process = Process.Start(info)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource late = new(Patience);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{await output}\n{await errors}");
    }
}
