using Microsoft.Extensions.Logging;

namespace OpenClaw.RateLimiting.Telemetry;

/// <summary>What the limiter logs; never a partition, which may be an address or a client.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "No subscription to changes of buckets, so every refusal comes from Redis: {Reason}")]
    public static partial void NoSubscription(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Error, "A decision failed where it must not; the policies' failure modes answered")]
    public static partial void DecisionFailed(ILogger logger, Exception exception);
}
