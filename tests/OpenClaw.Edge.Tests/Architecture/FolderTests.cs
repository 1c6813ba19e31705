using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Cors.Infrastructure;
using OpenClaw.Edge.Admin;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Limiting;
using OpenClaw.Edge.Overload;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Responses;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Architecture;

public sealed partial class FolderTests
{
    private static readonly FolderGraph Edge = new(typeof(EdgeApplication).Assembly, "OpenClaw.Edge");

    [Fact]
    public void Folders_OfTheEdge_FormNoCycle()
    {
        IReadOnlyList<string> cycles = Edge.Cycles();

        Assert.True(cycles.Count == 0, string.Join('\n', cycles));
    }

    [Theory]
    [InlineData("Options")]
    [InlineData("Networks")]
    [InlineData("Policies", "Networks")]
    [InlineData("Identity", "Networks", "Options", "Policies")]
    [InlineData("Configuration", "Networks", "Options")]
    [InlineData("Redis", "Options")]
    public void Folder_BelowOthers_UsesOnlyTheseFolders(string folder, params string[] used) => Assert.Equal(used, Edge.UsedBy(folder));

    [Fact]
    public void Namespaces_OfTheEdge_AreTheirFolders()
    {
        string root = Repository.Path("OpenClaw.Edge");
        string[] misplaced =
        [
            .. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                .Select(file => (Path: Path.GetRelativePath(root, file), Match: Namespace().Match(File.ReadAllText(file))))
                .Where(file => !file.Path.StartsWith("obj", StringComparison.Ordinal)
                    && !file.Path.StartsWith("bin", StringComparison.Ordinal))
                .Where(file => file.Match.Success)
                .Where(file => file.Match.Groups[1].Value != $"OpenClaw.Edge/{Path.GetDirectoryName(file.Path)}".TrimEnd('/').Replace(
                    '/', '.'))
                .Select(file => $"{file.Path}: {file.Match.Value}"),
        ];

        Assert.True(misplaced.Length == 0, string.Join('\n', misplaced));
    }

    [Fact]
    public void Cycles_ThreeFoldersInACircle_NamesTheTypesOfEachStepRarestFirst()
    {
        FolderGraph graph = new(
        [
            ("A", "One", "B", "Two"), ("A", "Other", "B", "Two"), ("B", "Two", "C", "Three"), ("B", "Two", "C", "Other"),
            ("C", "Three", "A", "One"), ("C", "Three", "D", "Four"),
        ]);

        Assert.Equal(["C → A: Three uses One", "A → B: One uses Two", "B → C: Two uses Other"], graph.Cycles());
    }

    /// <summary>A base type, a signature, a type argument in code, the code of a lambda and of an async method.</summary>
    [Theory]
    [InlineData(typeof(EdgeCorsService), typeof(CorsService))]
    [InlineData(typeof(Client), typeof(Tier))]
    [InlineData(typeof(ConcurrencyMiddleware), typeof(EdgeRoute))]
    [InlineData(typeof(LimitingRegistration), typeof(KeyHasher))]
    [InlineData(typeof(RulesEndpoints), typeof(RulesDocumentInfo))]
    public void TypeReferences_AnyUseOfAType_IsFound(Type user, Type used) => Assert.Contains(
        used, user.GetNestedTypes(BindingFlags.NonPublic).Append(user).SelectMany(TypeReferences.Of));

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
