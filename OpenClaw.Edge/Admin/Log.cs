using System.Net;
using OpenClaw.ServiceDefaults.Telemetry;

namespace OpenClaw.Edge.Admin;

internal static partial class Log
{
    [LoggerMessage(301, LogLevel.Warning, "A request from {RemoteAddress} to the admin API had no valid key.")]
    public static partial void Unauthorized(ILogger logger, IPAddress? remoteAddress);

    [LoggerMessage(302, LogLevel.Information, "Audit: {Action}{Target}{Detail}, by {Operator} at {RemoteAddress}{Reason}: {Outcome}.")]
    public static partial void Audit(
        ILogger logger, string action, LogText target, LogText detail, LogText @operator, IPAddress? remoteAddress, LogText reason,
        LogText outcome);

    [LoggerMessage(
        303, LogLevel.Warning, "Further requests to the admin API without a valid key: {Count}, the last one from {RemoteAddress}.")]
    public static partial void MoreUnauthorized(ILogger logger, int count, IPAddress? remoteAddress);
}
