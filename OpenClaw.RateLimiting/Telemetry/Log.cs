using Microsoft.Extensions.Logging;

namespace OpenClaw.RateLimiting.Telemetry;

/// <summary>What the limiter logs; never a partition, which may be an address or a client.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The user of Redis lacks {Right}: without messages about changes of buckets every refusal is asked of Redis.")]
    public static partial void NoSubscription(ILogger logger, string right);

    [LoggerMessage(3, LogLevel.Information, "Without messages about changes of buckets every refusal is asked of Redis. The client's settings exclude them: {Reason}")]
    public static partial void NoMessages(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Error, "A decision failed where it must not; the policies' failure modes answered")]
    public static partial void DecisionFailed(ILogger logger, Exception exception);
}
