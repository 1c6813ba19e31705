namespace OpenClaw.Console;

/// <summary>Log messages of the start.</summary>
internal static partial class Log
{
    [LoggerMessage(601, LogLevel.Warning,
        "OpenClaw:Console:KeyFolder is not set, so a restart or another replica may sign out all users. Set it to a persistent folder "
        + "that all replicas share.")]
    public static partial void TemporaryKeys(ILogger logger);
}
