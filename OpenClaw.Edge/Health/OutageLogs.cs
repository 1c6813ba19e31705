using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;

namespace OpenClaw.Edge.Health;

/// <summary>What is away for long is told when it begins and when it ends. The libraries below tell it again with every attempt, most of them with a stack trace: several times a
/// second while Redis is down, with every probe of health, with every probe of an upstream and every request to it. The limiter, <see cref="UpstreamHealthLog"/> and <see cref="ProxyConfigLog"/> tell it
/// instead.</summary>
internal static class OutageLogs
{
    // A level in the configuration for the same category counts instead.
    private static readonly (string Category, LogLevel Level)[] Quiet =
    [
        ("StackExchange.Redis", LogLevel.None),
        ("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.None),
        ("Yarp.ReverseProxy.Forwarder.HttpForwarder", LogLevel.Error),
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
