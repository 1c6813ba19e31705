using Microsoft.Extensions.Logging;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Log messages about Redis. They never name a partition, which may be an address or a client.</summary>
internal static partial class Log
{
    [LoggerMessage(
        1,
        LogLevel.Warning,
        "The Redis user lacks {Right}. Without messages about changed buckets, no denial is cached and Redis is asked every time.")]
    public static partial void NoSubscription(ILogger logger, string right);

    [LoggerMessage(
        3,
        LogLevel.Information,
        "Denials are not cached, since the Redis client's settings exclude messages about changed buckets: {Reason}")]
    public static partial void NoMessages(ILogger logger, string reason);

    [LoggerMessage(
        4,
        LogLevel.Warning,
        "Messages that this process publishes to the Redis channel {Channel} do not arrive. Until they do, no denial is cached and Redis "
        + "is asked every time. A channel prefix of the Redis client and a proxy without publish and subscribe have this effect.")]
    public static partial void NoMessageArrives(ILogger logger, string channel);

    [LoggerMessage(
        31,
        LogLevel.Warning,
        "The Redis connection of the rate limiter was not configured with RedisConnection.Configure. While Redis is slow or unavailable, "
        + "decisions may take longer and charges may be made late.")]
    public static partial void ConnectionNotConfigured(ILogger logger);

    [LoggerMessage(24, LogLevel.Warning, "The Redis user lacks {Rights}. The documentation of the limiter lists the rights that it needs.")]
    public static partial void RightsMissing(ILogger logger, string rights);

    [LoggerMessage(25, LogLevel.Information, "The Redis user has all rights again.")]
    public static partial void RightsComplete(ILogger logger);
}
