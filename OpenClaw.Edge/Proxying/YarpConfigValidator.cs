using Yarp.ReverseProxy.Configuration;

namespace OpenClaw.Edge.Proxying;

/// <summary>Validates routes and clusters with YARP's own validator, without applying them.</summary>
internal static class YarpConfigValidator
{
    /// <summary>Adds YARP's own errors: paths, hosts, and names of policies and transforms.</summary>
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
            IConfigValidator validator = provider.GetRequiredService<IConfigValidator>();
            foreach (RouteConfig route in config.Routes)
            {
                // The edge validates policy names with its rules.
                Add(validator.ValidateRouteAsync(route with { RateLimiterPolicy = null }), errors);
            }

            foreach (ClusterConfig cluster in config.Clusters)
            {
                Add(validator.ValidateClusterAsync(cluster), errors);
            }
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or InvalidOperationException)
        {
            errors.Add($"{ProxySettings.Section}: {exception.Message}");
        }
    }

    private static void Add(ValueTask<IList<Exception>> validation, List<string> errors) =>
        errors.AddRange(validation.AsTask().GetAwaiter().GetResult().Select(error => error.Message));
}
