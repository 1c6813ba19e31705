using OpenClaw.ServiceDefaults.Telemetry;

namespace OpenClaw.Edge.Redis;

internal static partial class Log
{
    [LoggerMessage(600, LogLevel.Warning, "{What} cannot be kept in Redis: {Reason}. Requests are still limited.")]
    public static partial void Failed(ILogger logger, string what, LogText reason);

    [LoggerMessage(601, LogLevel.Information, "{What} can be kept in Redis again.")]
    public static partial void WorksAgain(ILogger logger, string what);

    [LoggerMessage(602, LogLevel.Warning, "{Error}. Until then, Redis does not decide.")]
    public static partial void NoMaster(ILogger logger, LogText error);
}
