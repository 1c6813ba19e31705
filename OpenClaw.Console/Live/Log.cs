using OpenClaw.ServiceDefaults.Telemetry;

namespace OpenClaw.Console.Live;

/// <summary>Log messages of streams.</summary>
internal static partial class Log
{
    [LoggerMessage(604, LogLevel.Warning, "The usage stream of the edge ended: {Reason} Reconnecting until it answers.")]
    public static partial void StreamLost(ILogger logger, LogText reason);

    [LoggerMessage(605, LogLevel.Information, "The usage stream of the edge is back.")]
    public static partial void StreamBack(ILogger logger);
}
