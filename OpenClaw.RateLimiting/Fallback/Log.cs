using Microsoft.Extensions.Logging;

namespace OpenClaw.RateLimiting.Fallback;

/// <summary>Log messages of outages.</summary>
internal static partial class Log
{
    [LoggerMessage(
        21,
        LogLevel.Warning,
        "Redis does not decide ({Reason}{Detail}). Each policy's failure mode decides; a local share is 1/{Replicas} of a limit.")]
    public static partial void OutageBegan(ILogger logger, string reason, string detail, int replicas);

    [LoggerMessage(22, LogLevel.Information, "Redis decides again after {Seconds:0.0} s.")]
    public static partial void OutageEnded(ILogger logger, double seconds);
}
