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
}
