using Microsoft.Extensions.Logging;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>Log messages of batches. They never name a partition, which may be an address or a client.</summary>
internal static partial class Log
{
    [LoggerMessage(2, LogLevel.Error, "Decisions failed unexpectedly. Each policy's failure mode decides.")]
    public static partial void StoreFailed(ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "Decisions were made, but follow-up work failed unexpectedly. The decisions remain valid.")]
    public static partial void FollowUpFailed(ILogger logger, Exception exception);

    /// <summary>Logs an exception that should not occur.</summary>
    /// <param name="logger">The logger.</param>
    /// <param name="exception">The exception.</param>
    /// <param name="isAnswered">Whether the decisions had been made before.</param>
    public static void DecisionFailed(ILogger logger, Exception exception, bool isAnswered)
    {
        if (isAnswered)
        {
            FollowUpFailed(logger, exception);
        }
        else
        {
            StoreFailed(logger, exception);
        }
    }
}
