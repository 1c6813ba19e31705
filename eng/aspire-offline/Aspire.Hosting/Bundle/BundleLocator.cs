using System.Formats.Tar;
using System.IO.Compression;

namespace Aspire.Hosting.Bundle;

/// <summary>
/// Takes the bundle from, in this order: the folder that <c>ASPIRE_BUNDLE_PATH</c> names; an installed Aspire CLI of the same version;
/// this user's cache, which is filled once from the npm package.
/// </summary>
internal sealed class BundleLocator(ILogger<BundleLocator> logger)
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);

    // Whether or not it is there yet.
    private static string UserHome => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);

    /// <summary>Where the cache is; a test has its own.</summary>
    internal string CacheFolder { get; init; } = Path.Combine(UserCache(), "openclaw", "aspire");

    internal string HomeFolder { get; init; } = UserHome;

    internal NpmClient Npm { get; init; } = new();

    internal BundlePackage? Package { get; init; } = BundlePackage.For(BundlePackage.ThisPlatform);

    internal string? Chosen { get; init; } = Environment.GetEnvironmentVariable("ASPIRE_BUNDLE_PATH");

    /// <summary>Returns where dcp and the dashboard are; the first time on a machine this downloads them.</summary>
    /// <exception cref="DistributedApplicationException">They are not there and cannot be had; the message says what to do.</exception>
    public async Task<AspireBundle> EnsureAsync(CancellationToken cancellationToken)
    {
        if (Chosen is { Length: > 0 })
        {
            return AspireBundle.In(Chosen)
                ?? throw new DistributedApplicationException($"ASPIRE_BUNDLE_PATH is '{Chosen}', but there is no dcp/dcp and managed/aspire-managed in it.");
        }

        var folder = Path.Combine(CacheFolder, $"{BundlePackage.Version}-{BundlePackage.ThisPlatform}");
        return InstalledCli() ?? AspireBundle.In(folder) ?? await FillCacheAsync(folder, cancellationToken);
    }

    private AspireBundle? InstalledCli()
    {
        var aspire = Path.Combine(HomeFolder, ".aspire");
        var version = Path.Combine(aspire, ".aspire-bundle-version");
        return File.Exists(version) && File.ReadAllText(version).StartsWith(BundlePackage.Version + "+", StringComparison.Ordinal)
            ? AspireBundle.In(Path.Combine(aspire, "bundle"))
            : null;
    }

    private async Task<AspireBundle> FillCacheAsync(string folder, CancellationToken cancellationToken)
    {
        var package = Package ?? throw Unavailable($"there is no npm package that has them for {BundlePackage.ThisPlatform}");
        try
        {
            return await FillCacheAsync(package, folder, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException(
                $"Aspire's orchestrator and dashboard are kept in {CacheFolder}, which cannot be written ({error.Message.TrimEnd('.')}): make room, give this user the right to, or set ASPIRE_BUNDLE_PATH to a folder that has them (dcp/dcp and managed/aspire-managed).",
                error);
        }
    }

    private async Task<AspireBundle> FillCacheAsync(BundlePackage package, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(CacheFolder);
        await using var single = await WithProgressAsync("waiting for another process that downloads", FileLock.TakeAsync(folder + ".lock", cancellationToken), cancellationToken);
        if (AspireBundle.In(folder) is { } filledMeanwhile)
        {
            return filledMeanwhile;
        }

        var staging = folder + ".partial";
        DeleteIfThere(staging);
        Directory.CreateDirectory(staging);
        try
        {
            Log.Downloading(logger, package.Id, CacheFolder);
            var integrity = package.Integrity ?? await FindIntegrityAsync(package, staging, cancellationToken);
            var archive = await WithProgressAsync("downloading", Npm.DownloadAsync(package, staging, cancellationToken), cancellationToken);
            await VerifyAsync(archive, integrity, cancellationToken);
            var cli = await ExtractCliAsync(archive, staging, cancellationToken);
            var unpacked = await WithProgressAsync("unpacking", UnpackAsync(cli, staging, cancellationToken), cancellationToken);

            // The rename is what makes it complete: nothing else ever writes into the final folder.
            DeleteIfThere(folder);
            Directory.Move(unpacked, folder);
            Log.Ready(logger, BundlePackage.Version, folder);
            return AspireBundle.In(folder)!;
        }
        finally
        {
            DeleteIfThere(staging);
        }
    }

    internal static DistributedApplicationException Unavailable(string why, string install = "the Aspire CLI") => new(
        $"Aspire's orchestrator and dashboard {BundlePackage.Version} are not on this machine, and {why}: install {install} {BundlePackage.Version}, or set ASPIRE_BUNDLE_PATH to a folder that has them (dcp/dcp and managed/aspire-managed).");

    /// <summary>The hash that the registry gives. npm holds the archive to it as well, but would be content with a weaker one, or none.</summary>
    private async Task<string> FindIntegrityAsync(BundlePackage package, string folder, CancellationToken cancellationToken)
    {
        var integrity = await Npm.FindIntegrityAsync(package, folder, cancellationToken)
            ?? throw Unavailable($"the npm registry gives no SHA-512 to check {package.Id} by");
        Log.NotPinned(logger, package.Id, integrity);
        return integrity;
    }

    private async Task<T> WithProgressAsync<T>(string what, Task<T> work, CancellationToken cancellationToken)
    {
        var time = Stopwatch.StartNew();
        while (await Task.WhenAny(work, Task.Delay(ProgressInterval, cancellationToken)) != work && !cancellationToken.IsCancellationRequested)
        {
            Log.Progress(logger, what, (int)time.Elapsed.TotalSeconds);
        }

        return await work;
    }

    private static async Task VerifyAsync(string archive, string integrity, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(archive);
        var found = "sha512-" + Convert.ToBase64String(await SHA512.HashDataAsync(content, cancellationToken));
        if (found != integrity)
        {
            throw new DistributedApplicationException(
                $"The archive {Path.GetFileName(archive)} that npm downloaded is not the right one: its hash is {found}, it must be {integrity}. Nothing of it was run.");
        }
    }

    private static async Task<string> ExtractCliAsync(string archive, string folder, CancellationToken cancellationToken)
    {
        await using var compressed = File.OpenRead(archive);
        await using var content = new GZipStream(compressed, CompressionMode.Decompress);
        await using var entries = new TarReader(content);
        while (await entries.GetNextEntryAsync(cancellationToken: cancellationToken) is { } entry)
        {
            if (entry.Name is "package/bin/aspire" or "package/bin/aspire.exe")
            {
                var cli = Path.Combine(folder, Path.GetFileName(entry.Name));
                await entry.ExtractToFileAsync(cli, overwrite: true, cancellationToken);
                return cli;
            }
        }

        throw new DistributedApplicationException($"The archive {archive} has no bin/aspire.");
    }

    /// <summary>The CLI unpacks its bundle into the home of whoever runs it; here that is a home of its own.</summary>
    private static async Task<string> UnpackAsync(string cli, string home, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(cli, ["--nologo", "--non-interactive", "doctor"])
        {
            WorkingDirectory = home,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HOME"] = home, ["USERPROFILE"] = home, ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var ended = process.WaitForExitAsync(CancellationToken.None);

        // It writes this file last, and then examines the machine for a while, which nobody waits for.
        var done = Path.Combine(home, ".aspire", ".aspire-bundle-version");
        while (!ended.IsCompleted && !File.Exists(done) && !cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAny(ended, Task.Delay(100, CancellationToken.None));
        }

        process.Kill(entireProcessTree: true);
        await ended;
        cancellationToken.ThrowIfCancellationRequested();

        var versions = new DirectoryInfo(Path.Combine(home, ".aspire", "versions"));
        return (versions.Exists ? versions.EnumerateDirectories() : []).FirstOrDefault(folder => AspireBundle.In(folder.FullName) is not null)?.FullName
            ?? throw new DistributedApplicationException($"{cli} did not unpack its bundle (exit code {process.ExitCode}): {await errors}{await output}");
    }

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string UserCache() =>
        OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : OperatingSystem.IsMacOS() ? Path.Combine(UserHome, "Library", "Caches")
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
            : Path.Combine(UserHome, ".cache");
}
