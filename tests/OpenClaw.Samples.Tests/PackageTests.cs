using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using Xunit;

namespace OpenClaw.Samples.Tests;

public sealed class PackageTests(Packages packages)
{
    [Theory]
    [InlineData("OpenClaw.RateLimiting", "StackExchange.Redis")]
    [InlineData("OpenClaw.RateLimiting.AspNetCore", "OpenClaw.RateLimiting")]
    public void Package_HasWhatItsReadersNeed(string id, string dependency)
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(packages.Feed, $"{id}.{packages.Version}.nupkg"));
        XElement metadata = XDocument.Load(package.GetEntry($"{id}.nuspec")!.Open()).Root!.Elements().Single(
            element => element.Name.LocalName == "metadata");
        XNamespace ns = metadata.Name.Namespace;

        Assert.Equal(id, (string?)metadata.Element(ns + "id"));
        Assert.Equal("MIT", (string?)metadata.Element(ns + "license"));
        Assert.Equal("expression", (string?)metadata.Element(ns + "license")!.Attribute("type"));
        Assert.Equal("README.md", (string?)metadata.Element(ns + "readme"));
        Assert.Contains("token buckets in Redis", (string?)metadata.Element(ns + "description"));
        Assert.Contains("rate-limiting", (string?)metadata.Element(ns + "tags"));
        // A clone without a remote makes a package without a URL, never one with a placeholder.
        Assert.Equal(HasRemote(), metadata.Element(ns + "repository")?.Attribute("url") is not null);
        Assert.Null(metadata.Element(ns + "projectUrl"));
        XElement group = Assert.Single(metadata.Element(ns + "dependencies")!.Elements());
        Assert.Equal("net10.0", (string?)group.Attribute("targetFramework"));
        Assert.Contains(dependency, group.Elements().Select(element => (string?)element.Attribute("id")));
        using StreamReader readme = new(package.GetEntry("README.md")!.Open());
        Assert.Contains("AddRedisRateLimiter", readme.ReadToEnd());
        Assert.NotNull(package.GetEntry($"lib/net10.0/{id}.xml"));
    }

    [Theory]
    [InlineData("OpenClaw.RateLimiting")]
    [InlineData("OpenClaw.RateLimiting.AspNetCore")]
    public void Symbols_AreInAPackageOfTheirOwn(string id)
    {
        using ZipArchive symbols = ZipFile.OpenRead(Path.Combine(packages.Feed, $"{id}.{packages.Version}.snupkg"));

        Assert.NotNull(symbols.GetEntry($"lib/net10.0/{id}.pdb"));
    }

    // A folder is no address that a package can name.
    private static bool HasRemote()
    {
        ProcessStartInfo info = new("git", ["config", "--get", "remote.origin.url"])
        {
            WorkingDirectory = Packages.Root,
            RedirectStandardOutput = true,
        };
        using Process git = Process.Start(info)!;
        string url = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return url.Length > 0 && !Path.IsPathRooted(url) && !url.StartsWith("file:", StringComparison.Ordinal);
    }
}
