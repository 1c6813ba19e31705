using System.ComponentModel;

namespace Aspire.Hosting.Bundle;

/// <summary>The npm on the PATH. It knows the registry, proxy and credentials that its user has configured.</summary>
internal static class NpmClient
{
    /// <summary>Downloads a package's archive into a folder and returns its path; null: there is no npm.</summary>
    /// <exception cref="DistributedApplicationException">npm failed.</exception>
    public static async Task<string?> DownloadAsync(string package, string folder, CancellationToken cancellationToken)
    {
        // On Windows npm is a script, which only the shell starts.
        string[] command = OperatingSystem.IsWindows() ? ["cmd.exe", "/c", "npm"] : ["npm"];
        string[] arguments = ["pack", package, "--pack-destination", folder, "--ignore-scripts", "--loglevel", "error"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var npm = Start(start);
        if (npm is null)
        {
            return null;
        }

        await using var kill = cancellationToken.Register(() => npm.Kill(entireProcessTree: true));
        var output = npm.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = await npm.StandardError.ReadToEndAsync(CancellationToken.None);
        await npm.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();

        // The exit code that cmd.exe has when it knows no such command is npm's own as well; what it wrote tells.
        if (npm.ExitCode != 0 && OperatingSystem.IsWindows() && !errors.Contains("npm error", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return Directory.EnumerateFiles(folder, "*.tgz").SingleOrDefault() is { } archive && npm.ExitCode == 0
            ? archive
            : throw new DistributedApplicationException($"npm could not download {package} (exit code {npm.ExitCode}): {errors.Trim()}{await output}");
    }

    private static Process? Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
