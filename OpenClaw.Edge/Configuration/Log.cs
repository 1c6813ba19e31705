namespace OpenClaw.Edge.Configuration;

internal static partial class Log
{
    [LoggerMessage(620, LogLevel.Warning, "{Earlier} still works, but the name is now {Current}.")]
    public static partial void EarlierNames(ILogger logger, string earlier, string current);
}
