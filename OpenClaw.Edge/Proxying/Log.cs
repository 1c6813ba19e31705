using OpenClaw.ServiceDefaults.Telemetry;

namespace OpenClaw.Edge.Proxying;

internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Error, "Routes and clusters from configuration are refused; the last valid ones stay in force:\n{Errors}")]
    public static partial void RoutesRefused(ILogger logger, string errors);

    [LoggerMessage(501, LogLevel.Information, "Routes and clusters from configuration are in force again.")]
    public static partial void RoutesInForce(ILogger logger);

    [LoggerMessage(502, LogLevel.Error,
        "The service of destination {Destination} cannot be resolved; its last endpoints, or its address, stay in use: {Fault}")]
    public static partial void ServiceNotResolved(ILogger logger, LogText destination, LogText fault);

    [LoggerMessage(503, LogLevel.Error,
        "The Health of destination {Destination} is not used, and probes go to the address: it must have the host {Host}, since each "
            + "endpoint of the service is probed at its own address.")]
    public static partial void HealthNotUsed(ILogger logger, LogText destination, LogText host);

    [LoggerMessage(504, LogLevel.Information, "Destination {Destination} is resolved again.")]
    public static partial void ServiceResolved(ILogger logger, LogText destination);
}
