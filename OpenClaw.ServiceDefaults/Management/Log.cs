using Microsoft.Extensions.Logging;
using OpenClaw.ServiceDefaults.Telemetry;

namespace OpenClaw.ServiceDefaults.Management;

internal static partial class Log
{
    [LoggerMessage(10, LogLevel.Information, "The management listener answers at {Address}.")]
    public static partial void Listening(ILogger logger, Uri address);

    [LoggerMessage(11, LogLevel.Information, "The management listener uses a new certificate from {Path}.")]
    public static partial void CertificateReplaced(ILogger logger, LogText path);

    [LoggerMessage(
        12, LogLevel.Error, "The changed certificate of the management listener is refused; the last valid one stays in use. {Error}")]
    public static partial void CertificateRefused(ILogger logger, LogText error);
}
