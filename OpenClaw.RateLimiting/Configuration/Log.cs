using Microsoft.Extensions.Logging;

namespace OpenClaw.RateLimiting.Configuration;

/// <summary>Log messages about settings.</summary>
internal static partial class Log
{
    [LoggerMessage(30, LogLevel.Error, "The changed rate limit policies are invalid, so the previous ones remain in force. {Errors}")]
    public static partial void PoliciesInvalid(ILogger logger, string errors);
}
