using Microsoft.AspNetCore.Routing.Patterns;
using Yarp.ReverseProxy.Configuration;

namespace OpenClaw.Edge.Proxying;

/// <summary>Finds routes that match the same requests with the same <c>Order</c>. Routing would fail each of these requests.</summary>
internal static class RouteConflicts
{
    /// <param name="routes">Routes with valid paths and hosts.</param>
    /// <param name="errors">Receives one error for each route that repeats another.</param>
    public static void Check(IEnumerable<RouteConfig> routes, List<string> errors)
    {
        foreach (IGrouping<(int, string), RouteConfig> group in routes.GroupBy(route => (route.Order ?? 0, ShapeOf(route.Match.Path))))
        {
            List<RouteConfig> before = [];
            foreach (RouteConfig route in group)
            {
                if (before.Find(other => Overlap(other.Match, route.Match)) is { } same)
                {
                    string section = $"{ProxySettings.Section}:Routes";
                    errors.Add($"{section}:{same.RouteId} and {section}:{route.RouteId} match the same requests; "
                        + $"they must differ in {nameof(RouteConfig.Order)} or in {nameof(RouteConfig.Match)}.");
                }

                before.Add(route);
            }
        }
    }

    /// <summary>The path as routing compares it: letters in any case, parameters by their constraints.</summary>
    private static string ShapeOf(string? path) => string.Join('/', RoutePatternFactory
        .Parse(string.IsNullOrEmpty(path) ? MatchRules.AnyPath : path)
        .PathSegments
        .Select(segment => string.Concat(segment.Parts.Select(ShapeOf))));

    // A literal part has no question mark.
    private static string ShapeOf(RoutePatternPart part) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content.ToUpperInvariant(),
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => (parameter.IsCatchAll ? "??" : "?")
            + string.Join(':', parameter.ParameterPolicies.Select(policy => policy.Content).Order(StringComparer.Ordinal)),
        _ => "",
    };

    private static bool Overlap(RouteMatch one, RouteMatch other) =>
        Overlap(one.Methods, other.Methods, static (method, another) => method.Equals(another, StringComparison.OrdinalIgnoreCase))
        && Overlap(one.Hosts, other.Hosts, IsSameHost)
        && AreEqual(one.Headers, other.Headers)
        && AreEqual(one.QueryParameters, other.QueryParameters);

    /// <summary>Whether the lists have something in common, or both are empty. Routing prefers a route with a list to one
    /// without.</summary>
    private static bool Overlap(IReadOnlyList<string>? one, IReadOnlyList<string>? other, Func<string, string, bool> isSame) =>
        one is not { Count: > 0 }
            ? other is not { Count: > 0 }
            : other is { Count: > 0 } && one.Any(item => other.Any(another => isSame(item, another)));

    /// <summary>Routing treats a host below a wildcard as part of the wildcard only when it is a wildcard itself.</summary>
    private static bool IsSameHost(string one, string other)
    {
        (string name, string port) = PartsOf(one);
        (string otherName, string otherPort) = PartsOf(other);
        return port == otherPort
            && (name.Equals(otherName, StringComparison.OrdinalIgnoreCase) || IsBelow(name, otherName) || IsBelow(otherName, name));
    }

    private static bool IsBelow(string name, string wildcard) =>
        name.StartsWith("*.", StringComparison.Ordinal) && wildcard.StartsWith("*.", StringComparison.Ordinal)
        && name.EndsWith(wildcard[1..], StringComparison.OrdinalIgnoreCase);

    private static (string Name, string Port) PartsOf(string host) =>
        host.Split(':') is [var name, var port] ? (name, port.TrimStart('0')) : (host, "*");

    private static bool AreEqual<T>(IReadOnlyList<T>? one, IReadOnlyList<T>? other) =>
        (one?.Count ?? 0) == (other?.Count ?? 0) && (one is null || one.All(item => other!.Contains(item)));
}
