using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.Bundle;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Offline.Tests.Bundle;

/// <summary>The bundle is fetched once, verified before anything of it runs, and complete or absent. The package here holds a script instead of the CLI.</summary>
public sealed class BundleLocatorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openclaw-bundle-");
    private int _downloads;

    [Fact]
    public async Task EnsureAsync_EmptyCache_DownloadsOnceForManyCallers()
    {
        var (archive, package) = Package();

        var found = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Locator(archive, package).EnsureAsync(TestContext.Current.CancellationToken)));
        var later = await Locator(archive, package).EnsureAsync(TestContext.Current.CancellationToken);

        Assert.All(found, bundle => Assert.Equal(later, bundle));
        Assert.True(File.Exists(later.DcpPath));
        Assert.True(File.Exists(later.DashboardPath));
        Assert.Equal(1, _downloads);
        Assert.Empty(Directory.GetDirectories(Cache, "*.partial"));
    }

    [Fact]
    public async Task EnsureAsync_KilledHalfway_StartsOver()
    {
        var (archive, package) = Package();
        var partial = Directory.CreateDirectory(Path.Combine(Cache, $"{BundlePackage.Version}-{BundlePackage.ThisPlatform}.partial"));
        await File.WriteAllTextAsync(Path.Combine(partial.FullName, "half.tgz"), "half", TestContext.Current.CancellationToken);

        var bundle = await Locator(archive, package).EnsureAsync(TestContext.Current.CancellationToken);

        Assert.True(File.Exists(bundle.DcpPath));
        Assert.False(Directory.Exists(partial.FullName));
    }

    [Fact]
    public async Task EnsureAsync_ArchiveWasChanged_RunsNothingOfIt()
    {
        var (archive, package) = Package();
        await File.AppendAllTextAsync(archive, "x", TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => Locator(archive, package).EnsureAsync(TestContext.Current.CancellationToken));

        Assert.Contains("Nothing of it was run.", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.FullName, "ran")));
        Assert.Empty(Directory.GetDirectories(Cache));
    }

    [Fact]
    public async Task EnsureAsync_NoNpm_SaysWhatToInstall()
    {
        var locator = new BundleLocator(NullLogger<BundleLocator>.Instance)
        {
            CacheFolder = Cache,
            HomeFolder = _folder.FullName,
            Chosen = null,
            Package = Package().Package,
            Download = (_, _, _) => Task.FromResult<string?>(null),
        };

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => locator.EnsureAsync(TestContext.Current.CancellationToken));

        Assert.Contains("install npm (it comes with Node.js), or the Aspire CLI", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureAsync_CliOfThisVersionInstalled_TakesItsBundle()
    {
        var aspire = Directory.CreateDirectory(Path.Combine(_folder.FullName, ".aspire")).FullName;
        await File.WriteAllTextAsync(Path.Combine(aspire, ".aspire-bundle-version"), $"{BundlePackage.Version}+abc|1|2", TestContext.Current.CancellationToken);
        WriteBundle(Path.Combine(aspire, "bundle"));

        var bundle = await Locator("none", new BundlePackage("none", "none")).EnsureAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith(aspire, bundle.DcpPath, StringComparison.Ordinal);
        Assert.Equal(0, _downloads);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Cache => Path.Combine(_folder.FullName, "cache");

    private BundleLocator Locator(string archive, BundlePackage package) => new(NullLogger<BundleLocator>.Instance)
    {
        CacheFolder = Cache,
        HomeFolder = _folder.FullName,
        Chosen = null,
        Package = package,
        Download = (_, folder, _) =>
        {
            Interlocked.Increment(ref _downloads);
            var copy = Path.Combine(folder, "package.tgz");
            File.Copy(archive, copy);
            return Task.FromResult<string?>(copy);
        },
    };

    /// <summary>An npm archive whose bin/aspire unpacks a bundle into its home, as the real one does, and leaves a mark that it ran.</summary>
    private (string Archive, BundlePackage Package) Package()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The pretended CLI is a shell script.");
        }

        var script = $"""
            #!/bin/sh
            touch '{_folder.FullName}/ran'
            v="$HOME/.aspire/versions/{BundlePackage.Version}_abc"
            mkdir -p "$v/dcp" "$v/managed" && touch "$v/dcp/dcp" "$v/managed/aspire-managed"
            exit 3
            """;
        var archive = Path.Combine(_folder.FullName, "released.tgz");
        using (var compressed = new GZipStream(File.Create(archive), CompressionLevel.Fastest))
        using (var entries = new TarWriter(compressed))
        {
            entries.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "package/bin/aspire")
            {
                Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(script)),
            });
        }

        return (archive, new BundlePackage("test", "sha512-" + Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(archive)))));
    }

    private static void WriteBundle(string folder)
    {
        foreach (var file in new[] { Path.Combine(folder, "dcp", "dcp"), Path.Combine(folder, "managed", "aspire-managed") })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, string.Empty);
        }
    }
}
