namespace OpenClaw.DevRedis.Hosting;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information,
        "Embedded Redis listens on {Address}:{Port} (password: {HasPassword}, {MaxMemory} MiB, nothing is persisted)")]
    public static partial void Listening(ILogger logger, string address, int port, bool hasPassword, int maxMemory);

    [LoggerMessage(2, LogLevel.Critical, "Embedded Redis cannot start: {Reason}")]
    public static partial void CannotStart(ILogger logger, string reason);
}
