using Microsoft.Extensions.Logging;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>What the limiter logs; never a partition, which may be an address or a client.</summary>
internal static partial class Log
{
    [LoggerMessage(2, LogLevel.Error, "Decisions failed unexpectedly. Each policy's failure mode answers.")]
    public static partial void NoDecision(ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "Decisions were made, but what follows them failed unexpectedly. The answers stand.")]
    public static partial void NoBookkeeping(ILogger logger, Exception exception);

    /// <summary>Something threw that must not.</summary>
    /// <param name="logger">Where to log.</param>
    /// <param name="exception">What was thrown.</param>
    /// <param name="isAnswered">Whether the decisions were made before.</param>
    public static void DecisionFailed(ILogger logger, Exception exception, bool isAnswered)
    {
        if (isAnswered)
        {
            NoBookkeeping(logger, exception);
        }
        else
        {
            NoDecision(logger, exception);
        }
    }
}
