using Microsoft.Extensions.Logging;

namespace OpenClaw.RateLimiting.Redis;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The user of Redis lacks {Right}: without messages about changes of buckets every refusal is asked of Redis.")]
    public static partial void NoSubscription(ILogger logger, string right);

    [LoggerMessage(3, LogLevel.Information, "Without messages about changes of buckets every refusal is asked of Redis. The client's settings exclude them: {Reason}")]
    public static partial void NoMessages(ILogger logger, string reason);

    [LoggerMessage(24, LogLevel.Warning, "The user of Redis lacks {Rights}. The documentation of the limiter lists the rights that it needs.")]
    public static partial void RightsMissing(ILogger logger, string rights);

    [LoggerMessage(25, LogLevel.Information, "The user of Redis has the rights that it lacked.")]
    public static partial void RightsComplete(ILogger logger);
}
