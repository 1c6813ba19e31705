using System.Runtime.InteropServices;

namespace Aspire.Hosting.Bundle;

/// <summary>The npm package that carries the bundle for one platform.</summary>
/// <param name="Platform">The platform part of its name.</param>
/// <param name="Integrity">The SHA-512 of its archive, as npm writes it.</param>
internal sealed record BundlePackage(string Platform, string Integrity)
{
    /// <summary>The release that all of this belongs to.</summary>
    public const string Version = "13.5.4";

    // A platform is added with the hash of an archive that somebody has run, never with one that was only looked up.
    private static readonly BundlePackage[] Pinned =
    [
        new("linux-x64", "sha512-8PWeRHM1+QwQB2wxDnfPsimi3EW01r04b4DjX0jIDE78SlfJabwVfYArW/48vDzYvPzKSRye6DIPVAsCFoXjBA=="),
    ];

    public string Name => $"@microsoft/aspire-cli-{Platform}";

    /// <summary>The package for this machine, or null when none is pinned for it.</summary>
    public static BundlePackage? ForThisMachine => Pinned.FirstOrDefault(package => package.Platform == ThisPlatform);

    /// <summary>This machine's platform as .NET names it: <c>linux-x64</c>, <c>linux-musl-x64</c>, <c>osx-arm64</c>, <c>win-x64</c>.</summary>
    public static string ThisPlatform => RuntimeInformation.RuntimeIdentifier switch
    {
        // A distribution's own build of .NET names the distribution.
        var rid when OperatingSystem.IsLinux() && !rid.StartsWith("linux-", StringComparison.Ordinal) =>
            $"linux-{(rid.StartsWith("alpine", StringComparison.Ordinal) ? "musl-" : string.Empty)}{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}",
        var rid => rid,
    };
}
