using System.Text.RegularExpressions;

namespace OpenClaw.Docs.Tests;

/// <summary>Every Markdown file of the repository: links lead somewhere, and prose keeps to the line length.</summary>
public sealed partial class MarkdownTests
{
    private const int Columns = 140;

    [Fact]
    public void Links_WithinTheRepository_LeadToAFileAndAHeading()
    {
        IEnumerable<string> broken =
            from file in Files()
            from Match link in Links().Matches(Prose(file))
            let target = link.Groups[1].Value
            where !target.Contains(':', StringComparison.Ordinal) && !Exists(file, target)
            select $"{file}: {target}";

        Assert.Empty(broken);
    }

    [Fact]
    public void Lines_OfProse_KeepToTheLineLength()
    {
        IEnumerable<string> tooLong =
            from file in Files()
            from line in Prose(file).Split('\n')
            where line.Length > Columns && IsProse(line)
            select $"{file}: {line}";

        Assert.Empty(tooLong);
    }

    [Fact]
    public void Index_OfTheDocuments_NamesEveryPage()
    {
        string index = File.ReadAllText(Repository.Path("docs", "README.md"));
        IEnumerable<string> pages =
            from file in Files()
            where file.StartsWith("docs/", StringComparison.Ordinal)
            select file["docs/".Length..];

        Assert.DoesNotContain(pages, page => page != "README.md" && !index.Contains($"({page})", StringComparison.Ordinal));
    }

    /// <summary>Paths of the Markdown files, relative to the repository, without what builds and package managers made.</summary>
    private static IEnumerable<string> Files() => Directory
        .EnumerateFiles(Repository.Root, "*.md", new EnumerationOptions { RecurseSubdirectories = true })
        .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
        .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "node_modules" || part[0] == '.'));

    /// <summary>A file without its fenced blocks.</summary>
    private static string Prose(string file) => Fences().Replace(File.ReadAllText(Repository.Path(file)).ReplaceLineEndings("\n"), "");

    private static bool IsProse(string line) => !line.StartsWith('|') && !line.StartsWith("    ", StringComparison.Ordinal);

    private static bool Exists(string from, string link)
    {
        string[] parts = link.Split('#');
        string target = parts[0].Length == 0 ? from : Path.Combine(Path.GetDirectoryName(from)!, parts[0]);
        return parts.Length == 1
            ? Path.Exists(Repository.Path(target))
            : File.Exists(Repository.Path(target))
                && Headings().Matches(Prose(target)).Any(heading => Anchor(heading.Groups[1].Value) == parts[1]);
    }

    /// <summary>The anchor that GitHub gives a heading.</summary>
    private static string Anchor(string heading) => NoAnchor().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"^ *```.*?^ *```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor();
}
