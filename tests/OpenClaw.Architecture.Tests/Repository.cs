using System.Reflection;

namespace OpenClaw.Architecture.Tests;

/// <summary>The source tree.</summary>
internal static class Repository
{
    private static readonly string[] OutputFolders = ["bin", "obj"];

    public static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>Files of a folder and its subfolders, without build output, relative to the repository.</summary>
    public static IEnumerable<string> Files(string folder, string pattern)
        => Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Intersect(OutputFolders).Any())
            .Order(StringComparer.Ordinal);
}
