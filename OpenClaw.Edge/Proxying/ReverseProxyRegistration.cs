using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Limiting;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Rules;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.ServiceDiscovery;
using Yarp.ReverseProxy.SessionAffinity;

namespace OpenClaw.Edge.Proxying;

/// <summary>Registers YARP: routes and clusters from the section <c>ReverseProxy</c>, destinations by service discovery.</summary>
internal static class ReverseProxyRegistration
{
    public static void AddEdgeProxy(this WebApplicationBuilder builder)
    {
        ProxySettings settings = new(builder.Configuration);
        builder.Services.AddSingleton(_ => settings);
        builder.Services.AddSingleton<IValidateOptions<EdgeOptions>, ProxyOptionsValidator>();
        builder.Services.AddSingleton<ForwardedHeaders>();
        builder.Services.AddRequestTimeouts();
        builder.Services.AddEdgeProxyServices(new ConfigurationRoot([settings]))
            .AddConfigFilter<PolicyNameFilter>()
            .AddTransforms<UpstreamRequests>()
            .AddTransforms<UpstreamResponses>();
        builder.Services.AddSingleton<IDestinationResolver, ServiceDestinationResolver>();
        builder.Services.AddSingleton<IForwarderHttpClientFactory, UpstreamClientFactory>();
        // HttpClient reads upstream header values as Latin-1, one character per byte. Written as Latin-1, the bytes stay the same. By
        // default Kestrel refuses characters outside ASCII.
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1);
    }

    /// <summary>Adds YARP without the services that need encryption keys. Keys would be written to the home folder and not be known to
    /// other replicas.</summary>
    public static IReverseProxyBuilder AddEdgeProxyServices(this IServiceCollection services, IConfiguration configuration)
    {
        IReverseProxyBuilder proxy = services.AddReverseProxy().LoadFromConfig(configuration);
        foreach (ServiceDescriptor descriptor in services.Where(NeedsKeys).ToList())
        {
            services.Remove(descriptor);
        }

        return proxy;
    }

    public static void MapEdgeProxy(this WebApplication app)
    {
        EdgeRulesStore rules = app.Services.GetRequiredService<EdgeRulesStore>();
        ForwardedHeaders forwarded = app.Services.GetRequiredService<ForwardedHeaders>();
        app.Services.GetRequiredService<ProxySettings>().Start(rules, app.Services.GetRequiredService<ILogger<ProxySettings>>());
        app.UseMiddleware<UpstreamErrorMiddleware>();
        app.UseRequestTimeouts();
        app.MapReverseProxy(proxy =>
        {
            proxy.Use((context, next) =>
            {
                // Responses of the upstream pass unchanged, also those without a body.
                context.Features.Get<IStatusCodePagesFeature>()?.Enabled = false;
                forwarded.Clean(context);
                return next(context);
            });
            proxy.UseMiddleware<StreamMiddleware>();
            proxy.UseSessionAffinity();
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        })
        .Add(endpoint =>
        {
            // YARP adds the route's policy as ASP.NET Core metadata; the rate limiting middleware reads EdgeRoute.
            RouteModel route = endpoint.Metadata.OfType<RouteModel>().Single();
            string? policy = endpoint.Metadata.OfType<EnableRateLimitingAttribute>().LastOrDefault()?.PolicyName;
            endpoint.Metadata.Add(new EdgeRoute(route.Config.RouteId, policy, rules.Current));
        });
    }

    private static bool NeedsKeys(ServiceDescriptor descriptor) => descriptor switch
    {
        { IsKeyedService: true } or { ImplementationType: null } => false,
        { ImplementationType: var type } when descriptor.ServiceType == typeof(ISessionAffinityPolicy) =>
            type.GetConstructors()
                .SelectMany(constructor => constructor.GetParameters())
                .Any(parameter => parameter.ParameterType == typeof(IDataProtectionProvider)),
        { ImplementationType: var type } => descriptor.ServiceType == typeof(IHostedService) && type.Name == "DataProtectionHostedService",
    };
}
