using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Rules;
using Yarp.ReverseProxy.Configuration;

namespace OpenClaw.Edge.Proxying;

/// <summary>Makes YARP accept the edge's policies in a route's <c>RateLimiterPolicy</c>, and refuse unknown names. YARP looks names up
/// among ASP.NET Core's rate limiter policies, so each policy of the edge is added there as one that never limits.</summary>
internal sealed class PolicyNameFilter(EdgeRulesStore rules, IOptions<RateLimiterOptions> limiterOptions) : IProxyConfigFilter
{
    private readonly HashSet<string> _added = new(StringComparer.Ordinal);

    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) => new(cluster);

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel)
    {
        string? name = route.RateLimiterPolicy;
        if (string.IsNullOrEmpty(name) || name.Equals("disable", StringComparison.OrdinalIgnoreCase))
        {
            return new(route);
        }

        if (!rules.Current.PoliciesByName.ContainsKey(name))
        {
            throw new ArgumentException(
                $"ReverseProxy:Routes:{route.RouteId}:RateLimiterPolicy is '{name}'; the policies are: "
                    + $"{SettingNames.List(rules.Current.PoliciesByName.Keys)}.");
        }

        lock (_added)
        {
            if (_added.Add(name))
            {
                limiterOptions.Value.AddPolicy(name, static _ => System.Threading.RateLimiting.RateLimitPartition.GetNoLimiter(""));
            }
        }

        return new(route);
    }
}
