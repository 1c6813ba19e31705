using System.ComponentModel;

namespace Aspire.Hosting.Bundle;

/// <summary>The npm on the PATH. It knows the registry, proxy and credentials that its user has configured.</summary>
internal sealed class NpmClient
{
    /// <summary>The program; on Windows it is a script.</summary>
    internal string Command { get; init; } = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>Downloads a package's archive into a folder and returns its path.</summary>
    /// <exception cref="DistributedApplicationException">There is no npm, or it failed.</exception>
    public async Task<string> DownloadAsync(BundlePackage package, string folder, CancellationToken cancellationToken)
    {
        await RunAsync(["pack", package.Id, "--pack-destination", folder, "--ignore-scripts"], folder, cancellationToken);
        return Directory.EnumerateFiles(folder, "*.tgz").Single();
    }

    /// <summary>Asks the registry for the SHA-512 of a package's archive; null: it gives none.</summary>
    /// <exception cref="DistributedApplicationException">There is no npm, or it failed.</exception>
    public async Task<string?> FindIntegrityAsync(BundlePackage package, string folder, CancellationToken cancellationToken)
    {
        var hashes = await RunAsync(["view", package.Id, "dist.integrity", "--no-json"], folder, cancellationToken);
        return hashes.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(hash => hash.StartsWith("sha512-", StringComparison.Ordinal));
    }

    private async Task<string> RunAsync(string[] arguments, string folder, CancellationToken cancellationToken)
    {
        try
        {
            var (exitCode, output, errors) = await ChildProcess.RunAsync(
                new ProcessStartInfo(Command, [.. arguments, "--loglevel", "error"]) { WorkingDirectory = folder }, cancellationToken);
            return exitCode == 0
                ? output
                : throw new DistributedApplicationException($"npm {string.Join(' ', arguments)} failed (exit code {exitCode}): {errors.Trim()}");
        }
        catch (Win32Exception)
        {
            throw BundleLocator.Unavailable("there is no npm to download them with", install: "npm (it comes with Node.js) or the Aspire CLI");
        }
    }
}
