namespace OpenClaw.Architecture.Tests;

/// <summary>Holds source files to the line length. Markdown has a test of its own in OpenClaw.Docs.Tests.</summary>
public sealed class LineLengthTests
{
    private const int Columns = 140;

    private static readonly string[] Extensions =
        [".cs", ".razor", ".sh", ".lua", ".yml", ".yaml", ".js", ".mjs", ".css", ".liquid", ".props", ".csproj", ""];

    private static readonly string[] ForeignFolders = ["bin", "obj", "node_modules", "artifacts", "TestResults", "results"];

    [Fact]
    public void Lines_OfSourceFiles_KeepToTheLineLength()
    {
        IEnumerable<string> tooLong =
            from file in Files(new DirectoryInfo(Repository.Root))
            from line in File.ReadLines(file).Index()
            where line.Item.Length > Columns
            select $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1}";

        Assert.Empty(tooLong);
    }

    private static IEnumerable<string> Files(DirectoryInfo folder) => folder.EnumerateFiles()
        .Where(file => Extensions.Contains(file.Extension) && (file.Extension.Length > 0 || file.Name == "Dockerfile"))
        .Select(file => file.FullName)
        .Concat(folder.EnumerateDirectories()
            .Where(child => child.Name[0] != '.' && !ForeignFolders.Contains(child.Name))
            .SelectMany(Files));
}
