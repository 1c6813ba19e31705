using Microsoft.Extensions.Logging;

namespace OpenClaw.RateLimiting.Replicas;

internal static partial class Log
{
    [LoggerMessage(23, LogLevel.Information, "Live replicas: {Replicas}, before {Before}.")]
    public static partial void ReplicasChanged(ILogger logger, int replicas, int before);
}
