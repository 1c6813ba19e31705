using System.Text.RegularExpressions;

namespace OpenClaw.Architecture.Tests;

/// <summary>Holds the folders of a project to architecture: no cycles, and namespaces that say where a type is.</summary>
public sealed partial class FolderTests
{
    public static TheoryData<string> Projects { get; } =
        ["OpenClaw.RateLimiting", "OpenClaw.RateLimiting.AspNetCore", "OpenClaw.Edge", "OpenClaw.Notifier", "OpenClaw.Console"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_OfAProject_FormNoCycle(string project)
    {
        IReadOnlyList<string> cycles = new FolderGraph(project).Cycles();

        Assert.True(cycles.Count == 0, $"Folders of {project} depend on each other:\n{string.Join('\n', cycles)}");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespace_OfAFile_IsItsFolder(string project)
    {
        IEnumerable<string> misplaced = Repository.Files(project, "*.cs")
            .Select(file => (File: file, Namespace: NamespaceOf(file)))
            .Where(item => item.Namespace is { } name
                && !name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
                && name != Path.GetDirectoryName(item.File)!.Replace('\\', '/').Replace('/', '.'))
            .Select(item => $"{item.File}: {item.Namespace}");

        Assert.Empty(misplaced);
    }

    [Fact]
    public void Domain_OfTheLibrary_DependsOnNoFolder()
    {
        FolderGraph graph = new("OpenClaw.RateLimiting");

        Assert.DoesNotContain(graph.Dependencies, dependency => dependency.From == "(root)");
    }

    // Batching knows stores, observers and slots by its own interfaces only.
    [Fact]
    public void Batching_OfTheLibrary_DependsOnDomainAndTelemetryOnly()
    {
        FolderGraph graph = new("OpenClaw.RateLimiting");

        Assert.Equal(
            ["(root)", "Telemetry"],
            graph.Dependencies.Where(dependency => dependency.From == "Batching").Select(dependency => dependency.To).Order());
    }

    [Theory]
    [InlineData("Options")]
    [InlineData("Networks")]
    [InlineData("Policies", "Networks")]
    [InlineData("Identity", "Networks", "Options", "Policies")]
    [InlineData("Configuration", "Networks", "Options")]
    [InlineData("Redis", "Options")]
    public void LowerFolder_OfTheEdge_UsesTheseFoldersOnly(string folder, params string[] used)
    {
        FolderGraph graph = new("OpenClaw.Edge");

        Assert.Equal(used, graph.Dependencies.Where(dependency => dependency.From == folder).Select(dependency => dependency.To).Order());
    }

    private static string? NamespaceOf(string file)
        => NamespaceDeclaration().Match(File.ReadAllText(Path.Combine(Repository.Root, file))) is { Success: true } match
            ? match.Groups[1].Value
            : null;

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();
}
