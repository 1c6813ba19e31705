using Yarp.ReverseProxy.Health;

namespace OpenClaw.Edge.Health;

/// <summary>Registers how the health of upstreams is judged and logged.</summary>
internal static class UpstreamHealthRegistration
{
    public static void AddUpstreamHealth(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<TransportFailureRateHealthPolicyOptions>(
            static options => options.DetectionWindowSize = PassiveHealthPolicy.Window);
        Wrap<IDestinationHealthUpdater, UpstreamHealthLog>(builder.Services);
        Wrap<IPassiveHealthCheckPolicy, PassiveHealthPolicy>(builder.Services);
    }

    /// <summary>Wraps the last registered implementation. YARP's are internal, so they are created as registered.</summary>
    private static void Wrap<TService, TWrapper>(IServiceCollection services)
        where TService : class
        where TWrapper : class, TService
    {
        ServiceDescriptor inner = services.Last(service => service.ServiceType == typeof(TService));
        services.Remove(inner);
        services.AddSingleton<TService>(provider => ActivatorUtilities.CreateInstance<TWrapper>(
            provider,
            inner.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!)));
    }
}
