namespace OpenClaw.Edge.Usage;

internal static partial class Log
{
    [LoggerMessage(610, LogLevel.Error, "Usage of the last second cannot be reported.")]
    public static partial void ReportFailed(ILogger logger, Exception exception);
}
