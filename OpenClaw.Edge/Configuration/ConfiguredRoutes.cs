using Yarp.ReverseProxy.Configuration;

namespace OpenClaw.Edge.Configuration;

/// <summary>The routes in the configuration, which YARP may not have loaded yet.</summary>
internal static class ConfiguredRoutes
{
    /// <summary>By route id, the policy that each route names.</summary>
    public static IReadOnlyDictionary<string, string?> Read(IConfiguration configuration) => configuration
        .GetSection("ReverseProxy:Routes")
        .GetChildren()
        .ToDictionary(route => route.Key, route => route[nameof(RouteConfig.RateLimiterPolicy)], StringComparer.OrdinalIgnoreCase);

    /// <summary>Path of a route's setting that names an unknown policy; null when there is none.</summary>
    public static string? FindWithoutPolicy(IConfiguration configuration, Func<string, bool> isKnown) => Read(configuration)
        .Where(route => !string.IsNullOrEmpty(route.Value)
            && !isKnown(route.Value)
            && !route.Value.Equals("disable", StringComparison.OrdinalIgnoreCase))
        .Select(route => $"ReverseProxy:Routes:{route.Key}:{nameof(RouteConfig.RateLimiterPolicy)}")
        .FirstOrDefault();
}
