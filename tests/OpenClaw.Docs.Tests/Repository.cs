using System.Reflection;

namespace OpenClaw.Docs.Tests;

/// <summary>The source, and how it was built.</summary>
internal static class Repository
{
    public static string Root { get; } = MetadataOf("RepositoryRoot");

    public static string Configuration { get; } = MetadataOf("Configuration");

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string MetadataOf(string key) => typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
