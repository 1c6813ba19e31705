using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Configuration;

namespace OpenClaw.Edge.Health;

/// <summary>Silences libraries that log an outage with every attempt, most with a stack trace. Instead the limiter,
/// <see cref="UpstreamHealthLog"/>, <see cref="PassiveHealthPolicy"/> and <see cref="ProxyConfigLog"/> log it once when it begins and once
/// when it ends. See also <see cref="ClientAbortFilter"/>.</summary>
internal static class OutageLogs
{
    // A level configured for the same category takes precedence.
    private static readonly (string Category, LogLevel Level)[] Quiet =
    [
        ("StackExchange.Redis", LogLevel.None),
        ("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.None),
        ("Yarp.ReverseProxy.Forwarder", LogLevel.Error),
        ("Yarp.ReverseProxy.LoadBalancing", LogLevel.Error),
        // A client could log two lines with each request.
        ("Yarp.ReverseProxy.SessionAffinity", LogLevel.Error),
        ("Yarp.ReverseProxy.Health.ActiveHealthCheckMonitor", LogLevel.Error),
        ("Yarp.ReverseProxy.Health.DestinationHealthUpdater", LogLevel.Error),
        ("Yarp.ReverseProxy.Management.ProxyConfigManager", LogLevel.None),
    ];

    public static void AddOutageLogs(this WebApplicationBuilder builder)
    {
        foreach ((string category, LogLevel level) in Quiet)
        {
            if (builder.Configuration[$"Logging:LogLevel:{category}"] is null)
            {
                builder.Logging.AddFilter(category, level);
            }
        }

        builder.Services.AddSingleton<LoggerFactory>();
        builder.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory, ClientAbortFilter>());
        builder.Services.AddSingleton<IConfigChangeListener, ProxyConfigLog>();
    }
}
