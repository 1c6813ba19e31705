using System.Globalization;
using System.Net.Quic;
using Microsoft.AspNetCore.Routing.Patterns;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Health;
using OpenClaw.Edge.Options;
using OpenClaw.ServiceDefaults.Configuration;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.SessionAffinity;

namespace OpenClaw.Edge.Proxying;

/// <summary>Refuses settings that YARP accepts and the edge does not support.</summary>
internal static class ProxyRules
{
    private const string ConsecutiveFailures = "ConsecutiveFailuresHealthPolicy.Threshold";
    private const string FailureRate = "TransportFailureRateHealthPolicy.RateLimit";

    /// <param name="root">The section of routes and clusters.</param>
    /// <param name="services">The services that service discovery knows.</param>
    /// <param name="errors">Receives the errors.</param>
    public static void Check(SettingsNode root, SettingsNode services, List<string> errors)
    {
        IReadOnlyDictionary<string, SettingsNode> clusters = root.ChildrenOf("Clusters");
        foreach (SettingsNode route in root.ChildrenOf("Routes").Values)
        {
            string? cluster = route.TextOf(nameof(RouteConfig.ClusterId));
            if (cluster is null || !clusters.ContainsKey(cluster))
            {
                errors.Add(
                    $"{route.Path}:{nameof(RouteConfig.ClusterId)} is '{cluster}'; the clusters are: {SettingNames.List(clusters.Keys)}.");
            }

            CheckRoute(route, errors);
        }

        foreach (SettingsNode cluster in clusters.Values)
        {
            CheckCluster(cluster, services, errors);
        }
    }

    private static void CheckRoute(SettingsNode route, List<string> errors)
    {
        Refuse(route, nameof(RouteConfig.AuthorizationPolicy), "anonymous", errors,
            $"the edge has no authorization policies. To require a known API key, set {EdgeOptions.Section}:ApiKeys:Unknown to Reject");
        Refuse(route, nameof(RouteConfig.CorsPolicy), null, errors,
            $"the edge answers CORS for all routes alike: set {EdgeOptions.Section}:Cors:AllowedOrigins");
        Refuse(route, nameof(RouteConfig.OutputCachePolicy), null, errors, "the edge does not cache responses: remove it");
        Refuse(route, nameof(RouteConfig.TimeoutPolicy), "disable", errors,
            $"the edge has no named time limits: set {nameof(RouteConfig.Timeout)} to a duration instead");
        foreach (SettingsNode metadata in route.ChildrenOf(nameof(RouteConfig.Metadata)).Values)
        {
            errors.Add($"{metadata.Path} has no effect: nothing reads metadata of routes. Remove it.");
        }

        RoutePattern? path = MatchRules.Check(route, errors);
        foreach (SettingsNode transform in route.ChildrenOf(nameof(RouteConfig.Transforms)).Values)
        {
            TransformRules.Check(transform, path, errors);
        }
    }

    private static void CheckCluster(SettingsNode cluster, SettingsNode services, List<string> errors)
    {
        if (cluster.Find(nameof(ClusterConfig.SessionAffinity)) is { } affinity)
        {
            CheckAffinity(affinity, errors);
        }

        SettingsNode? health = cluster.Find(nameof(ClusterConfig.HealthCheck));
        if (health?.Find(nameof(HealthCheckConfig.Active)) is { } probes)
        {
            CheckProbes(probes, errors);
        }

        if (health?.Find(nameof(HealthCheckConfig.Passive)) is { } passive)
        {
            CheckPassive(passive, errors);
        }

        if (cluster.Find(nameof(ClusterConfig.HttpClient)) is { } client)
        {
            CheckClient(client, errors);
        }

        if (cluster.Find(nameof(ClusterConfig.HttpRequest)) is { } request
            && request.TextOf(nameof(ForwarderRequestConfig.Version)) is { } version
            && version.StartsWith('3') && !QuicConnection.IsSupported)
        {
            errors.Add($"{request.Path}:{nameof(ForwarderRequestConfig.Version)} is '{version}'; "
                + "this machine has no QUIC library (libmsquic): install it, or use 1.1 or 2.");
        }

        foreach ((string name, SettingsNode metadata) in cluster.ChildrenOf(nameof(ClusterConfig.Metadata)))
        {
            CheckMetadata(name, metadata, errors);
        }

        foreach (SettingsNode destination in cluster.ChildrenOf(nameof(ClusterConfig.Destinations)).Values)
        {
            DestinationRules.Check(destination, services, errors);
        }
    }

    private static void CheckPassive(SettingsNode passive, List<string> errors)
    {
        if (passive.TextOf(nameof(PassiveHealthCheckConfig.ReactivationPeriod)) is { } period
            && SettingText.TryConvert(period, typeof(TimeSpan), out object? duration)
            && duration is TimeSpan reactivation && reactivation > TimeSpan.Zero
            && reactivation < PassiveHealthPolicy.ShortestReactivation)
        {
            errors.Add($"{passive.Path}:{nameof(PassiveHealthCheckConfig.ReactivationPeriod)} is '{period}'; "
                + $"it must be at least {PassiveHealthPolicy.ShortestReactivation}.");
        }
    }

    private static void CheckAffinity(SettingsNode affinity, List<string> errors)
    {
        if (affinity.TextOf(nameof(SessionAffinityConfig.Policy)) is { } policy
            && (Is(policy, SessionAffinityConstants.Policies.Cookie) || Is(policy, SessionAffinityConstants.Policies.CustomHeader)))
        {
            errors.Add($"{affinity.Path}:{nameof(SessionAffinityConfig.Policy)} is '{policy}', "
                + "which needs encryption keys that replicas share, and the edge keeps none; "
                + $"use {SessionAffinityConstants.Policies.HashCookie} or {SessionAffinityConstants.Policies.ArrCookie}.");
        }

        if (affinity.TextOf(nameof(SessionAffinityConfig.AffinityKeyName)) is { } key && !HttpToken.IsValid(key))
        {
            errors.Add($"{affinity.Path}:{nameof(SessionAffinityConfig.AffinityKeyName)} is '{key}'; it must be the name of a cookie.");
        }

        SettingsNode? cookie = affinity.Find(nameof(SessionAffinityConfig.Cookie));
        foreach (string name in new[] { nameof(SessionAffinityCookieConfig.Domain), nameof(SessionAffinityCookieConfig.Path) })
        {
            if (cookie?.TextOf(name) is { } value && value.Any(c => c is ';' or <= ' ' or > '~'))
            {
                errors.Add($"{cookie.Path}:{name} is '{value}'; it must be ASCII without spaces and semicolons.");
            }
        }
    }

    private static void CheckProbes(SettingsNode probes, List<string> errors)
    {
        if (probes.TextOf(nameof(ActiveHealthCheckConfig.Path)) is { } path && (path[0] != '/' || path.Contains('?')))
        {
            errors.Add($"{probes.Path}:{nameof(ActiveHealthCheckConfig.Path)} is '{path}'; "
                + $"it must begin with /, and have no query: set {nameof(ActiveHealthCheckConfig.Query)} for that.");
        }

        if (probes.TextOf(nameof(ActiveHealthCheckConfig.Query)) is { } query
            && (query[0] != '?' || query.AsSpan().ContainsAnyExceptInRange('!', '~') || query.Contains('#')))
        {
            errors.Add($"{probes.Path}:{nameof(ActiveHealthCheckConfig.Query)} is '{query}'; "
                + "it must begin with ?, and be ASCII without spaces and #.");
        }
    }

    private static void CheckClient(SettingsNode client, List<string> errors)
    {
        if (client.TextOf(nameof(HttpClientConfig.ResponseHeaderEncoding)) is { } encoding
            && !Is(encoding, "latin1") && !Is(encoding, "iso-8859-1"))
        {
            errors.Add($"{client.Path}:{nameof(HttpClientConfig.ResponseHeaderEncoding)} is '{encoding}'; "
                + "response headers pass byte for byte, in any encoding: remove it.");
        }

        if (client.Find(nameof(HttpClientConfig.WebProxy)) is { Children.Count: > 0 } proxy
            && proxy.TextOf(nameof(WebProxyConfig.Address)) is null)
        {
            errors.Add($"{proxy.Path}:{nameof(WebProxyConfig.Address)} is missing, so {proxy.Path} has no effect; "
                + "it must be an address that begins with http:// or https://.");
        }
    }

    /// <summary>Validates numbers for which YARP would silently use its default.</summary>
    private static void CheckMetadata(string name, SettingsNode metadata, List<string> errors)
    {
        if (Is(name, ConsecutiveFailures))
        {
            if (!int.TryParse(metadata.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int threshold) || threshold < 1)
            {
                errors.Add($"{metadata.Path} is '{metadata.Value}'; it must be a whole number of at least 1.");
            }
        }
        else if (Is(name, FailureRate))
        {
            if (!double.TryParse(metadata.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double rate)
                || rate is not (> 0 and <= 1))
            {
                errors.Add($"{metadata.Path} is '{metadata.Value}'; it must be a number above 0, at most 1.");
            }
        }
        else
        {
            errors.Add($"{metadata.Path} has no effect; metadata of clusters are: {ConsecutiveFailures}, {FailureRate}.");
        }
    }

    private static void Refuse(SettingsNode route, string name, string? accepted, List<string> errors, string reason)
    {
        if (route.TextOf(name) is { } value && !(accepted is not null && Is(value, accepted)))
        {
            errors.Add($"{route.Path}:{name} is '{SettingText.Shown(value)}', but {reason}.");
        }
    }

    private static bool Is(string text, string name) => text.Equals(name, StringComparison.OrdinalIgnoreCase);
}
