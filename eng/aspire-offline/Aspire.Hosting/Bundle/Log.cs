namespace Aspire.Hosting.Bundle;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Downloading Aspire's orchestrator and dashboard with npm ({Package}, about 120 MB), once for this user, into {Folder}.")]
    public static partial void Downloading(ILogger logger, string package, string folder);

    [LoggerMessage(2, LogLevel.Information, "Still {What} Aspire's orchestrator and dashboard: {Seconds} s.")]
    public static partial void Progress(ILogger logger, string what, int seconds);

    [LoggerMessage(3, LogLevel.Warning, "The hash that {Package} is held to came from the npm registry, not from a pin: {Integrity}. To pin it, add it in eng/aspire-offline/Aspire.Hosting/Bundle/BundlePackage.cs.")]
    public static partial void NotPinned(ILogger logger, string package, string integrity);

    [LoggerMessage(4, LogLevel.Information, "Aspire's orchestrator and dashboard {Version} are in {Folder}.")]
    public static partial void Ready(ILogger logger, string version, string folder);
}
