namespace OpenClaw.Console;

/// <summary>Log messages of the start.</summary>
internal static partial class Log
{
    [LoggerMessage(601, LogLevel.Warning,
        "OpenClaw:Console:KeyFolder is not set, so a restart or another replica may sign everybody out. Set it to a folder that lasts "
        + "and that all replicas share.")]
    public static partial void TemporaryKeys(ILogger logger);
}
