using System.Text.RegularExpressions;

namespace OpenClaw.Architecture.Tests;

/// <summary>Log messages take text as <c>LogText</c>, which has no control characters, so that clients cannot forge lines of the
/// log.</summary>
public sealed partial class LogParameterTests
{
    /// <summary>Parameters with texts of our own, with ids that the server made, or with lines that are cleaned one by one.</summary>
    private static readonly string[] SafeParameters =
    [
        "OpenClaw.Edge/Admin: action",
        "OpenClaw.Edge/Configuration: current",
        "OpenClaw.Edge/Configuration: earlier",
        "OpenClaw.Edge/Proxying: errors",
        "OpenClaw.Edge/Redis: what",
        "OpenClaw.Edge/Rules: errors",
        "OpenClaw.Notifier/Dispatching: channel",
        "OpenClaw.Notifier/Dispatching: entryId",
    ];

    [Theory]
    [InlineData("OpenClaw.Console")]
    [InlineData("OpenClaw.Edge")]
    [InlineData("OpenClaw.Notifier")]
    [InlineData("OpenClaw.ServiceDefaults")]
    public void LogMessages_WithText_TakeItAsLogText(string project)
    {
        IEnumerable<string> unsafeParameters =
            from file in Repository.Files(project, "Log.cs")
            from Match parameter in StringParameters().Matches(File.ReadAllText(Path.Combine(Repository.Root, file)))
            let text = $"{Path.GetDirectoryName(file)!.Replace('\\', '/')}: {parameter.Groups[1].Value}"
            where !SafeParameters.Contains(text)
            select text;

        Assert.Empty(unsafeParameters);
    }

    [GeneratedRegex(@"\bstring\?? @?(\w+)[,)]")]
    private static partial Regex StringParameters();
}
