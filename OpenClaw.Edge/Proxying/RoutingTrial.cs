using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Routing.Patterns;
using Yarp.ReverseProxy.Configuration;

namespace OpenClaw.Edge.Proxying;

/// <summary>Builds the routing table of some routes without applying them. Routing builds its table after a change was accepted: an error
/// then would fail every request, and later changes would not be seen.</summary>
internal static class RoutingTrial
{
    private const string Name = "OpenClaw.Edge.RoutingTrial";

    public static void Check(IReadOnlyList<RouteConfig> routes, List<string> errors)
    {
        if (ErrorIn(routes) is not { } error)
        {
            return;
        }

        int before = errors.Count;
        foreach (RouteConfig route in routes)
        {
            if (ErrorIn([route]) is { } own)
            {
                errors.Add($"{ProxySettings.Section}:Routes:{route.RouteId}: {own}");
            }
        }

        if (errors.Count == before)
        {
            errors.Add($"{ProxySettings.Section}:Routes: {error}");
        }
    }

    private static string? ErrorIn(IReadOnlyList<RouteConfig> routes)
    {
        using DiagnosticListener diagnostics = new(Name);
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(diagnostics);
        services.AddSingleton<IMeterFactory, UnreadMeters>();
        services.AddRouting();
        using ServiceProvider provider = services.BuildServiceProvider();
        try
        {
            ApplicationBuilder app = new(provider);
            app.UseRouting();
            app.UseEndpoints(endpoints => endpoints.DataSources.Add(new DefaultEndpointDataSource(routes.Select(EndpointOf))));
            // The first request builds the table.
            app.Build().Invoke(new DefaultHttpContext { RequestServices = provider, Request = { Method = "GET", Path = "/" } })
                .GetAwaiter()
                .GetResult();
            return null;
        }
        catch (Exception exception)
        {
            return exception.Message;
        }
    }

    private static Endpoint EndpointOf(RouteConfig route)
    {
        RouteMatch match = route.Match;
        RoutePattern path = RoutePatternFactory.Parse(string.IsNullOrEmpty(match.Path) ? MatchRules.AnyPath : match.Path);
        RouteEndpointBuilder endpoint = new(static _ => Task.CompletedTask, path, route.Order ?? 0);
        if (match.Hosts is { Count: > 0 } hosts)
        {
            endpoint.Metadata.Add(new HostAttribute([.. hosts]));
        }

        if (match.Methods is { Count: > 0 } methods)
        {
            endpoint.Metadata.Add(new HttpMethodMetadata(methods));
        }

        return endpoint.Build();
    }

    /// <summary>Creates meters under a name that no exporter reads: the trial's request is none of the edge's.</summary>
    private sealed class UnreadMeters : IMeterFactory
    {
        private readonly List<Meter> _meters = [];

        public Meter Create(MeterOptions options)
        {
            Meter meter = new(Name);
            _meters.Add(meter);
            return meter;
        }

        public void Dispose() => _meters.ForEach(meter => meter.Dispose());
    }
}
