using OpenClaw.ServiceDefaults.Telemetry;

namespace OpenClaw.Edge.WarmUp;

internal static partial class Log
{
    [LoggerMessage(900, LogLevel.Information, "The warm-up did not finish, so the first requests take longer: {Reason}")]
    public static partial void WarmUpUnfinished(ILogger logger, LogText reason);
}
