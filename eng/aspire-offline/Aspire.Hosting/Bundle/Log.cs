namespace Aspire.Hosting.Bundle;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Downloading Aspire's orchestrator and dashboard {Version} with npm ({Package}, 122 MB), once for this user, into {Folder}.")]
    public static partial void Downloading(ILogger logger, string version, string package, string folder);

    [LoggerMessage(2, LogLevel.Information, "Still {What} Aspire's orchestrator and dashboard: {Seconds} s.")]
    public static partial void Progress(ILogger logger, string what, int seconds);

    [LoggerMessage(3, LogLevel.Information, "Another process is downloading Aspire's orchestrator and dashboard; waiting for it.")]
    public static partial void WaitingForOther(ILogger logger);

    [LoggerMessage(4, LogLevel.Information, "Aspire's orchestrator and dashboard {Version} are in {Folder}.")]
    public static partial void Ready(ILogger logger, string version, string folder);
}
