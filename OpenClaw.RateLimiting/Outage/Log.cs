using Microsoft.Extensions.Logging;

namespace OpenClaw.RateLimiting.Outage;

internal static partial class Log
{
    [LoggerMessage(21, LogLevel.Warning, "Redis does not decide ({Reason}{Detail}). Each policy's failure mode answers; a local share is 1/{Replicas} of a limit.")]
    public static partial void OutageBegan(ILogger logger, string reason, string detail, int replicas);

    [LoggerMessage(22, LogLevel.Information, "Redis decides again after {Seconds:0.0} s.")]
    public static partial void OutageEnded(ILogger logger, double seconds);

    [LoggerMessage(23, LogLevel.Information, "Live replicas: {Replicas}, before {Before}.")]
    public static partial void ReplicasChanged(ILogger logger, int replicas, int before);

    [LoggerMessage(24, LogLevel.Warning, "The user of Redis lacks {Rights}. The documentation of the limiter lists the rights that it needs.")]
    public static partial void RightsMissing(ILogger logger, string rights);

    [LoggerMessage(25, LogLevel.Information, "The user of Redis has the rights that it lacked.")]
    public static partial void RightsComplete(ILogger logger);
}
