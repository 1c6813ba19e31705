using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;

namespace OpenClaw.Edge.Health;

/// <summary>Logs an outage once when it begins and once when it ends. The libraries below log it with every attempt, most of them with a
/// stack trace; the limiter, <see cref="UpstreamHealthLog"/> and <see cref="ProxyConfigLog"/> log it instead.</summary>
internal static class OutageLogs
{
    // A level in the configuration for the same category counts instead.
    private static readonly (string Category, LogLevel Level)[] Quiet =
    [
        ("StackExchange.Redis", LogLevel.None),
        // Kestrel logs an error for every client who leaves during an upload. Exceptions of requests are logged by the exception handler.
        ("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical),
        ("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.None),
        ("Yarp.ReverseProxy.Forwarder", LogLevel.Error),
        ("Yarp.ReverseProxy.LoadBalancing", LogLevel.Error),
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

        builder.Services.AddSingleton<IConfigChangeListener, ProxyConfigLog>();

        // YARP's own has no public name: it is made as it was registered, inside of the one that logs.
        ServiceDescriptor updater = builder.Services.Last(service => service.ServiceType == typeof(IDestinationHealthUpdater));
        builder.Services.Replace(ServiceDescriptor.Singleton<IDestinationHealthUpdater>(provider => new UpstreamHealthLog(
            (IDestinationHealthUpdater)(updater.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, updater.ImplementationType!)),
            provider.GetRequiredService<ILogger<UpstreamHealthLog>>())));
    }
}
