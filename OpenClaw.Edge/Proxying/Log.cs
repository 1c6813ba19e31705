namespace OpenClaw.Edge.Proxying;

internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Error, "Routes and clusters from configuration are refused; the last valid ones stay in force:\n{Errors}")]
    public static partial void RoutesRefused(ILogger logger, string errors);

    [LoggerMessage(501, LogLevel.Information, "Routes and clusters from configuration are in force again.")]
    public static partial void RoutesInForce(ILogger logger);
}
