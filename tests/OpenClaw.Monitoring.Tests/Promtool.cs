using System.Diagnostics;
using Xunit;

namespace OpenClaw.Monitoring.Tests;

/// <summary>Prometheus' own checker. Without it, tests are skipped; with <c>CI=true</c> they fail.</summary>
internal static class Promtool
{
    /// <summary>Runs it in deploy/prometheus.</summary>
    /// <returns>Its output; the program succeeded.</returns>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        Require();
        ProcessStartInfo start = new("promtool", arguments)
        {
            WorkingDirectory = DeployFiles.Prometheus,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        return output;
    }

    private static void Require()
    {
        bool found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "promtool")));
        if (!found)
        {
            const string Message =
                "This test needs promtool on the PATH (Debian and Ubuntu: apt-get install prometheus; macOS: brew install prometheus).";
            if (Environment.GetEnvironmentVariable("CI") == "true")
            {
                Assert.Fail(Message);
            }

            Assert.Skip(Message);
        }
    }
}
