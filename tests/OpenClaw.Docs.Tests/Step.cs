using System.Text.RegularExpressions;

namespace OpenClaw.Docs.Tests;

/// <summary>One command block of a document, and the answer that the document shows for it.</summary>
/// <param name="Commands">A block fenced as <c>sh</c>.</param>
/// <param name="Answer">The block fenced as <c>text</c> that follows; null when the next block is another command.</param>
internal sealed partial record Step(string Commands, string? Answer)
{
    /// <summary>Stands for anything within a line, and alone on a line for any number of lines.</summary>
    private const string Placeholder = "…";

    /// <summary>Whether it starts the stack, and so runs until the reader stops it.</summary>
    public bool StartsTheStack => Commands.Contains("dotnet run --project OpenClaw.AppHost", StringComparison.Ordinal);

    /// <summary>Reads the steps of a document, or of one of its sections.</summary>
    public static Step[] Read(string file, string? section = null)
    {
        string text = File.ReadAllText(Repository.Path(file.Split('/')));
        if (section is not null)
        {
            string pattern = $@"^## {Regex.Escape(section)}\n(.*?)(?=^## |\z)";
            text = Regex.Match(text, pattern, RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
        }

        List<Step> steps = [];
        foreach (Match block in Fences().Matches(text))
        {
            string content = block.Groups["content"].Value;
            if (block.Groups["language"].Value == "sh")
            {
                steps.Add(new Step(content, null));
            }
            else if (block.Groups["language"].Value == "text")
            {
                steps[^1] = steps[^1] with { Answer = content };
            }
        }

        return [.. steps];
    }

    /// <summary>Whether an answer is the shown one.</summary>
    public bool Accepts(string answer) =>
        Answer is null
        || Regex.IsMatch(Normalize(answer), $"^{string.Concat(Normalize(Answer).TrimEnd('\n').Split('\n').Select(Pattern))}\\z");

    private static string Pattern(string line) =>
        line == Placeholder ? "(?:.*\n)*" : Regex.Escape(line).Replace(Placeholder, ".*", StringComparison.Ordinal) + "\n";

    // One line feed after every line: lines of an HTTP header end in CR LF, and the last line may have no end.
    private static string Normalize(string text) => text.Replace("\r", "", StringComparison.Ordinal).TrimEnd() + "\n";

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<content>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();
}
