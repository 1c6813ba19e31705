using Microsoft.Extensions.Logging;

namespace OpenClaw.ServiceDefaults.Telemetry;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning,
        "Nothing can be scraped: " + PrometheusOptions.Section + ":Port is {Port}, but this process listens to {Urls}. Add the port, for example to ASPNETCORE_URLS")]
    public static partial void ScrapePortNotServed(ILogger logger, int port, string urls);
}
