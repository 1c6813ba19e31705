using OpenClaw.ServiceDefaults.Telemetry;


namespace OpenClaw.Edge.Rules;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Rules from {Origin} are in force: {Policies} policies, {Tiers} tiers, {Clients} clients.")]
    public static partial void RulesInForce(ILogger logger, LogText origin, int policies, int tiers, int clients);

    [LoggerMessage(101, LogLevel.Error, "Rules from {Origin} are refused; the last valid ones stay in force:\n{Errors}")]
    public static partial void RulesRefused(ILogger logger, LogText origin, string errors);

    [LoggerMessage(102, LogLevel.Warning, "Rules in Redis cannot be read ({Reason}); the current rules stay in force.")]
    public static partial void RulesUnreadable(ILogger logger, LogText reason);

    [LoggerMessage(103, LogLevel.Information, "Rules in Redis can be read again.")]
    public static partial void RulesReadable(ILogger logger);

    [LoggerMessage(104, LogLevel.Warning, "Changed settings that are read only at start: {Settings}. Restart the edge to apply them.")]
    public static partial void StartupSettingsChanged(ILogger logger, LogText settings);

    [LoggerMessage(105, LogLevel.Warning,
        "Redis has rules of version {Version}; version {Applied} is newer and stays in force. If Redis lost a write, write the rules again "
            + "under a version above both.")]
    public static partial void RulesOlder(ILogger logger, LogText version, LogText applied);

    [LoggerMessage(106, LogLevel.Warning,
        "Redis has other rules under version {Version}, which is in force already; the current rules stay in force. Write them again under "
            + "a version above it.")]
    public static partial void RulesAmbiguous(ILogger logger, LogText version);
}
