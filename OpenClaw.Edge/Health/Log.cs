using OpenClaw.ServiceDefaults.Telemetry;

namespace OpenClaw.Edge.Health;

internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Information, "Draining: readiness fails from now on; requests are served for another {Delay}.")]
    public static partial void Draining(ILogger logger, TimeSpan delay);

    [LoggerMessage(201, LogLevel.Warning, "The health probes of the upstream {Destination}, cluster {Cluster}, fail.")]
    public static partial void UpstreamUnhealthy(ILogger logger, LogText destination, LogText cluster);

    [LoggerMessage(202, LogLevel.Information, "The health probes of the upstream {Destination}, cluster {Cluster}, succeed again.")]
    public static partial void UpstreamHealthy(ILogger logger, LogText destination, LogText cluster);

    [LoggerMessage(203, LogLevel.Error, "Changed routes and clusters are refused; the last valid ones stay in force: {Fault}")]
    public static partial void RoutesRefused(ILogger logger, LogText fault);

    [LoggerMessage(204, LogLevel.Information, "Changed routes and clusters are in force again.")]
    public static partial void RoutesInForce(ILogger logger);

    [LoggerMessage(205, LogLevel.Warning, "The upstream {Destination}, cluster {Cluster}, is excluded: connections to it fail. "
        + "It is tried again after each ReactivationPeriod.")]
    public static partial void UpstreamExcluded(ILogger logger, LogText destination, LogText cluster);

    [LoggerMessage(206, LogLevel.Information, "Requests to the upstream {Destination}, cluster {Cluster}, succeed again.")]
    public static partial void UpstreamIncluded(ILogger logger, LogText destination, LogText cluster);
}
