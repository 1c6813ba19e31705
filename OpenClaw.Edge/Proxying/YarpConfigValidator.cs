using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms.Builder;

namespace OpenClaw.Edge.Proxying;

/// <summary>Validates routes and clusters with YARP and ASP.NET Core routing, without applying them.</summary>
internal static class YarpConfigValidator
{
    /// <summary>Adds errors of YARP itself, such as unknown names of policies and transforms, and of routing.</summary>
    public static void Check(IReadOnlyDictionary<string, string?> settings, List<string> errors)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddRouting();
        services.AddEdgeProxyServices(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        using ServiceProvider provider = services.BuildServiceProvider();
        try
        {
            IProxyConfig config = provider.GetRequiredService<IProxyConfigProvider>().GetConfig();
            List<RouteConfig> valid = [.. config.Routes.Where(route => IsValid(route, config, provider, errors))];
            RouteConflicts.Check(valid, errors);
            RoutingTrial.Check(valid, errors);
            IConfigValidator validator = provider.GetRequiredService<IConfigValidator>();
            foreach (ClusterConfig cluster in config.Clusters)
            {
                Add(validator.ValidateClusterAsync(cluster), $"Clusters:{cluster.ClusterId}", errors);
            }
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or InvalidOperationException)
        {
            errors.Add($"{ProxySettings.Section}: {exception.Message}");
        }
    }

    private static bool IsValid(RouteConfig route, IProxyConfig config, IServiceProvider services, List<string> errors)
    {
        int before = errors.Count;
        string name = $"Routes:{route.RouteId}";
        // The edge validates policy names with its rules.
        Add(services.GetRequiredService<IConfigValidator>().ValidateRouteAsync(route with { RateLimiterPolicy = null }), name, errors);
        if (errors.Count > before)
        {
            return false;
        }

        try
        {
            // Some transforms read their values only when they are built.
            services.GetRequiredService<ITransformBuilder>()
                .Build(route, config.Clusters.FirstOrDefault(cluster => cluster.ClusterId == route.ClusterId));
            return true;
        }
        catch (Exception exception)
        {
            errors.Add($"{ProxySettings.Section}:{name}: {exception.Message}");
            return false;
        }
    }

    private static void Add(ValueTask<IList<Exception>> validation, string name, List<string> errors) =>
        errors.AddRange(validation.AsTask().GetAwaiter().GetResult().Select(error => $"{ProxySettings.Section}:{name}: {error.Message}"));
}
