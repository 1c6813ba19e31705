namespace OpenClaw.Console;

/// <summary>Log messages of the console.</summary>
internal static partial class Log
{
    [LoggerMessage(601, LogLevel.Warning,
        "OpenClaw:Console:KeyFolder is not set, so a restart or another replica may sign everybody out. Set it to a folder that lasts and that "
        + "all replicas share.")]
    public static partial void TemporaryKeys(ILogger logger);

    [LoggerMessage(602, LogLevel.Information, "{Operator} signed in from {Address}.")]
    public static partial void SignedIn(ILogger logger, string @operator, System.Net.IPAddress? address);

    [LoggerMessage(603, LogLevel.Warning, "A sign-in from {Address} was refused: {Reason}.")]
    public static partial void SignInRefused(ILogger logger, System.Net.IPAddress? address, string reason);

    [LoggerMessage(604, LogLevel.Warning, "The usage stream of the edge ended: {Reason} It is opened again until it answers.")]
    public static partial void StreamLost(ILogger logger, string reason);

    [LoggerMessage(605, LogLevel.Information, "The usage stream of the edge is back.")]
    public static partial void StreamBack(ILogger logger);
}
