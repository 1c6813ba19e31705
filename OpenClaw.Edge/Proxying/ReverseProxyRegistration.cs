using System.Text;
using Microsoft.AspNetCore.RateLimiting;
using OpenClaw.Edge.Limiting;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Settings;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace OpenClaw.Edge.Proxying;

/// <summary>YARP as this edge uses it: routes and clusters from the section <c>ReverseProxy</c>, destinations by service discovery.</summary>
internal static class ReverseProxyRegistration
{
    public static void AddEdgeProxy(this WebApplicationBuilder builder)
    {
        RoutesSection routes = new(builder.Configuration);
        builder.Services.AddSingleton(routes);
        builder.Services.AddReverseProxy()
            .LoadFromConfig(routes)
            .AddConfigFilter<PolicyNames>()
            .AddTransforms<UpstreamResponses>();
        builder.Services.AddSingleton<IDestinationResolver, ServiceDestinationResolver>();
        builder.Services.AddSingleton<IForwarderHttpClientFactory, UpstreamClientFactory>();
        // The client reads an upstream's header values as Latin-1, one character per byte; written so again they are the same bytes. Kestrel alone
        // would refuse what is not ASCII.
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1);
    }

    public static void MapEdgeProxy(this WebApplication app)
    {
        EdgeRulesStore rules = app.Services.GetRequiredService<EdgeRulesStore>();
        app.MapReverseProxy(proxy =>
        {
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        })
        .Add(endpoint =>
        {
            // YARP puts the policy that a route names into the metadata; ours says the same in the form that the limiter reads.
            RouteModel route = endpoint.Metadata.OfType<RouteModel>().Single();
            string? policy = endpoint.Metadata.OfType<EnableRateLimitingAttribute>().LastOrDefault()?.PolicyName;
            endpoint.Metadata.Add(new EdgeRoute(route.Config.RouteId, policy, rules.Current));
        });
    }
}
