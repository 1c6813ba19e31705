namespace OpenClaw.DevRedis.Hosting;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information,
        "Embedded Redis listens on {Address}:{Port} (password: {HasPassword}, {MaxMemory} MiB, nothing is persisted)")]
    public static partial void Listening(ILogger logger, string address, int port, bool hasPassword, int maxMemory);

    [LoggerMessage(2, LogLevel.Critical, "Embedded Redis cannot start: {Reason}")]
    public static partial void CannotStart(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Information,
        "{Program} listens on {Address}:{Port} (password: {HasPassword}, nothing is persisted)")]
    public static partial void InstalledListens(ILogger logger, string program, string address, int port, bool hasPassword);

    [LoggerMessage(4, LogLevel.Critical, "{Program} has exited: {Reason}")]
    public static partial void InstalledExited(ILogger logger, string program, string reason);
}
