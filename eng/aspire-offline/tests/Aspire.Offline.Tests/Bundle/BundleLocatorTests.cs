using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.Bundle;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Aspire.Offline.Tests.Bundle;

/// <summary>
/// The bundle is fetched once, verified before anything of it runs, and complete or absent. npm is a script here that serves one archive, and
/// the archive holds a script instead of the CLI.
/// </summary>
public sealed class BundleLocatorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openclaw-bundle-");
    private readonly FakeLogger<BundleLocator> _logger = new();

    [Fact]
    public async Task EnsureAsync_EmptyCache_DownloadsOnceForManyCallers()
    {
        var integrity = await ReleaseAsync();

        var found = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => EnsureAsync(integrity)));
        var later = await EnsureAsync(integrity);

        Assert.All(found, bundle => Assert.Equal(later, bundle));
        Assert.True(File.Exists(later.DcpPath));
        Assert.True(File.Exists(later.DashboardPath));
        Assert.Equal(["pack @microsoft/aspire-cli-test@13.5.4"], NpmCalls);
        Assert.Empty(Directory.GetDirectories(Cache, "*.partial"));
    }

    [Fact]
    public async Task EnsureAsync_KilledHalfway_StartsOver()
    {
        var integrity = await ReleaseAsync();
        var partial = Directory.CreateDirectory(Path.Combine(Cache, $"{BundlePackage.Version}-{BundlePackage.ThisPlatform}.partial"));
        await File.WriteAllTextAsync(Path.Combine(partial.FullName, "half.tgz"), "half", TestContext.Current.CancellationToken);

        var bundle = await EnsureAsync(integrity);

        Assert.True(File.Exists(bundle.DcpPath));
        Assert.False(Directory.Exists(partial.FullName));
    }

    [Fact]
    public async Task EnsureAsync_ArchiveIsNotThePinnedOne_RunsNothingOfIt()
    {
        // The registry vouches for what it serves, and that does not help it.
        var integrity = await ReleaseAsync();

        await AssertNothingRanAsync(() => EnsureAsync(HashOf("another")), $"its hash is {integrity}, it must be {HashOf("another")}. Nothing of it was run.");
    }

    [Fact]
    public async Task EnsureAsync_NoPinForThePlatform_TakesTheRegistrysHashAndSaysSo()
    {
        var integrity = await ReleaseAsync();

        var bundle = await EnsureAsync(pinned: null);

        Assert.True(File.Exists(bundle.DcpPath));
        Assert.Equal(["view @microsoft/aspire-cli-test@13.5.4", "pack @microsoft/aspire-cli-test@13.5.4"], NpmCalls);
        var warning = Assert.Single(_logger.Collector.GetSnapshot(), record => record.Level == LogLevel.Warning).Message;
        Assert.Contains($"came from the npm registry, not from a pin: {integrity}.", warning, StringComparison.Ordinal);
        var pins = warning[(warning.LastIndexOf(" in ", StringComparison.Ordinal) + 4)..].TrimEnd('.');
        Assert.True(File.Exists(Path.Combine(Repository.Root, pins)), $"{pins} is not where pins are.");
    }

    [Fact]
    public async Task EnsureAsync_ArchiveIsNotWhatTheRegistryPromised_RunsNothingOfIt()
    {
        await ReleaseAsync(registryGives: HashOf("another"));

        await AssertNothingRanAsync(() => EnsureAsync(pinned: null), $"it must be {HashOf("another")}. Nothing of it was run.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk= sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
    public async Task EnsureAsync_RegistryGivesNoStrongHash_DownloadsNothing(string given)
    {
        await ReleaseAsync(registryGives: given);

        await AssertNothingRanAsync(() => EnsureAsync(pinned: null), "the npm registry gives no SHA-512 to check @microsoft/aspire-cli-test@13.5.4 by: install the Aspire CLI 13.5.4, or set ASPIRE_BUNDLE_PATH");
        Assert.Equal(["view @microsoft/aspire-cli-test@13.5.4"], NpmCalls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EnsureAsync_NoNpm_SaysWhatToInstall(bool isPinned) => await AssertNothingRanAsync(
        () => EnsureAsync(isPinned ? HashOf("any") : null), "install npm (it comes with Node.js) or the Aspire CLI 13.5.4, or set ASPIRE_BUNDLE_PATH");

    [Fact]
    public async Task EnsureAsync_NpmFails_SaysWhatItSaid()
    {
        await WriteScriptAsync("npm", "echo 'npm error 404 not in this registry' >&2; exit 1");

        await AssertNothingRanAsync(() => EnsureAsync(HashOf("any")), "npm error 404 not in this registry");
    }

    [Fact]
    public async Task EnsureAsync_NoPackageForThePlatform_SaysWhatToInstall()
    {
        var locator = new BundleLocator(_logger) { CacheFolder = Cache, HomeFolder = _folder.FullName, Chosen = null, Package = null };

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => locator.EnsureAsync(TestContext.Current.CancellationToken));

        Assert.Contains($"no npm package that has them for {BundlePackage.ThisPlatform}: install the Aspire CLI", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureAsync_CacheIsNoFolder_SaysWhatToDo()
    {
        await File.WriteAllTextAsync(Cache, "in the way", TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => EnsureAsync(HashOf("any")));

        Assert.Contains($"are kept in {Cache}, which cannot be written (", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureAsync_LockFileCannotBeOpened_DoesNotWaitForAnybody()
    {
        Directory.CreateDirectory(Cache);
        var unopenable = Path.Combine(Cache, $"{BundlePackage.Version}-{BundlePackage.ThisPlatform}.lock");
        File.CreateSymbolicLink(unopenable, unopenable);

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => EnsureAsync(HashOf("any")).WaitAsync(TimeSpan.FromSeconds(10)));

        Assert.Contains("which cannot be written (", error.Message, StringComparison.Ordinal);
        Assert.Contains(": make room, give this user the right to, or set ASPIRE_BUNDLE_PATH", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureAsync_CliOfThisVersionInstalled_TakesItsBundle()
    {
        var aspire = Directory.CreateDirectory(Path.Combine(_folder.FullName, ".aspire")).FullName;
        await File.WriteAllTextAsync(Path.Combine(aspire, ".aspire-bundle-version"), $"{BundlePackage.Version}+abc|1|2", TestContext.Current.CancellationToken);
        WriteBundle(Path.Combine(aspire, "bundle"));

        var bundle = await EnsureAsync(HashOf("any"));

        Assert.StartsWith(aspire, bundle.DcpPath, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Cache));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Cache => Path.Combine(_folder.FullName, "cache");

    private string[] NpmCalls => [.. File.ReadLines(Path.Combine(_folder.FullName, "calls")).Select(call => string.Join(' ', call.Split(' ')[..2]))];

    private Task<AspireBundle> EnsureAsync(string? pinned) => new BundleLocator(_logger)
    {
        CacheFolder = Cache,
        HomeFolder = _folder.FullName,
        Chosen = null,
        Package = new BundlePackage("test", pinned),
        Npm = new NpmClient { Command = Path.Combine(_folder.FullName, "npm") },
    }.EnsureAsync(TestContext.Current.CancellationToken);

    private async Task AssertNothingRanAsync(Func<Task> ensure, string message)
    {
        var error = await Assert.ThrowsAsync<DistributedApplicationException>(ensure);

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.FullName, "ran")));
        Assert.Empty(Directory.GetDirectories(Cache));
    }

    /// <summary>
    /// Makes an archive whose bin/aspire unpacks a bundle into its home, as the real one does, and leaves a mark that it ran; and an npm that serves it.
    /// Returns the archive's hash, which is also what the registry gives unless told otherwise.
    /// </summary>
    private async Task<string> ReleaseAsync(string? registryGives = null)
    {
        var cli = await WriteScriptAsync("aspire", $"""
            touch '{_folder.FullName}/ran'
            v="$HOME/.aspire/versions/{BundlePackage.Version}_abc"
            mkdir -p "$v/dcp" "$v/managed" && touch "$v/dcp/dcp" "$v/managed/aspire-managed"
            exit 3
            """);
        var archive = Path.Combine(_folder.FullName, "released.tgz");
        await using (var compressed = new GZipStream(File.Create(archive), CompressionLevel.Fastest))
        await using (var entries = new TarWriter(compressed))
        {
            await entries.WriteEntryAsync(cli, "package/bin/aspire", TestContext.Current.CancellationToken);
        }

        var integrity = "sha512-" + Convert.ToBase64String(SHA512.HashData(await File.ReadAllBytesAsync(archive, TestContext.Current.CancellationToken)));
        await WriteScriptAsync("npm", $"""
            echo "$@" >> '{_folder.FullName}/calls'
            case "$1" in
              view) echo '{registryGives ?? integrity}' ;;
              pack) cp '{archive}' "$4/package.tgz" ;;
            esac
            """);
        return integrity;
    }

    private async Task<string> WriteScriptAsync(string name, string commands)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The pretended npm and CLI are shell scripts.");
        var path = Path.Combine(_folder.FullName, name);
        await File.WriteAllTextAsync(path, $"#!/bin/sh\n{commands}\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    private static string HashOf(string text) => "sha512-" + Convert.ToBase64String(SHA512.HashData(Encoding.UTF8.GetBytes(text)));

    private static void WriteBundle(string folder)
    {
        foreach (var file in new[] { Path.Combine(folder, "dcp", "dcp"), Path.Combine(folder, "managed", "aspire-managed") })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, string.Empty);
        }
    }
}
