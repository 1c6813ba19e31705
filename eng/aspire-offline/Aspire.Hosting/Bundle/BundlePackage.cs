using System.Runtime.InteropServices;

namespace Aspire.Hosting.Bundle;

/// <summary>The npm package that carries the bundle for one platform.</summary>
/// <param name="Platform">The platform part of its name.</param>
/// <param name="Integrity">The SHA-512 of its archive, as npm writes it; null: none is pinned.</param>
internal sealed record BundlePackage(string Platform, string? Integrity)
{
    /// <summary>The release that all of this belongs to.</summary>
    public const string Version = "13.5.4";

    // The platforms that the release has a package for. A hash is added by somebody who has run the archive, never one that was only looked up.
    private static readonly Dictionary<string, string?> Pins = new()
    {
        ["linux-x64"] = "sha512-8PWeRHM1+QwQB2wxDnfPsimi3EW01r04b4DjX0jIDE78SlfJabwVfYArW/48vDzYvPzKSRye6DIPVAsCFoXjBA==",
        ["linux-arm64"] = null,
        ["linux-musl-x64"] = null,
        ["osx-arm64"] = null,
        ["osx-x64"] = null,
        ["win-arm64"] = null,
        ["win-x64"] = null,
    };

    /// <summary>This machine's platform.</summary>
    public static string ThisPlatform { get; } =
        OperatingSystem.IsLinux() ? PlatformOnLinux(RuntimeInformation.RuntimeIdentifier) : RuntimeInformation.RuntimeIdentifier;

    /// <summary>Its name and version, as npm takes them.</summary>
    public string Id => $"@microsoft/aspire-cli-{Platform}@{Version}";

    /// <summary>The package for a platform, or null when there is none.</summary>
    public static BundlePackage? For(string platform) => Pins.TryGetValue(platform, out var integrity) ? new(platform, integrity) : null;

    /// <summary>The platform that a runtime identifier means. A distribution's own build of .NET has the distribution in it.</summary>
    internal static string PlatformOnLinux(string runtimeIdentifier)
    {
        var architecture = runtimeIdentifier[runtimeIdentifier.LastIndexOf('-')..];
        return runtimeIdentifier.StartsWith("linux-", StringComparison.Ordinal) ? runtimeIdentifier
            : runtimeIdentifier.StartsWith("alpine", StringComparison.Ordinal) ? $"linux-musl{architecture}"
            : $"linux{architecture}";
    }
}
