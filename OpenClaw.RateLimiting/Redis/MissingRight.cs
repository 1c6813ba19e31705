namespace OpenClaw.RateLimiting.Redis;

/// <summary>Finds the missing right of the Redis user in an error message.</summary>
internal static class MissingRight
{
    public const string Keys = "access to the keys";
    public const string AnyCommand = "a command";
    public const string Channel = "access to the channel";

    private const string CommandBefore = "to run the '";
    private const string CommandAfter = "' command";

    // Redis 7.0 and earlier do not name the command in a script.
    private const string InScript = "The user executing the script can't";

    /// <summary>The missing right, without keys, channels and users; null if the error is about something else.</summary>
    public static string? Find(string error)
    {
        int at = error.IndexOf(CommandBefore, StringComparison.Ordinal);
        if (at >= 0 && error.IndexOf(CommandAfter, at, StringComparison.Ordinal) is var end and > 0)
        {
            string command = error[(at + CommandBefore.Length)..end];
            bool isCommand = command.Length <= 32 && command.All(c => char.IsAsciiLetterOrDigit(c) || c is '|' or '-' or '_' or '.');
            return isCommand ? Command(command) : AnyCommand;
        }

        if (!error.Contains("NOPERM", StringComparison.Ordinal) && !error.Contains(InScript, StringComparison.Ordinal))
        {
            return null;
        }

        return error.Contains("channel", StringComparison.Ordinal) ? Channel
            : error.Contains(" key", StringComparison.Ordinal) ? Keys
            : AnyCommand;
    }

    public static string Command(string name) => $"the command {name.ToUpperInvariant()}";
}
