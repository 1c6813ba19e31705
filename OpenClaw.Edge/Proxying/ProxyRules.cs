using System.Globalization;
using System.Net.Quic;
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

    public static void Check(SettingsNode root, List<string> errors)
    {
        IReadOnlyDictionary<string, SettingsNode> clusters = Section(root, "Clusters");
        foreach (SettingsNode route in Section(root, "Routes").Values)
        {
            string? cluster = Value(route, nameof(RouteConfig.ClusterId));
            if (cluster is null || !clusters.ContainsKey(cluster))
            {
                errors.Add(
                    $"{route.Path}:{nameof(RouteConfig.ClusterId)} is '{cluster}'; the clusters are: {SettingNames.List(clusters.Keys)}.");
            }

            CheckRoute(route, errors);
        }

        foreach (SettingsNode cluster in clusters.Values)
        {
            CheckCluster(cluster, errors);
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
        foreach (SettingsNode metadata in Section(route, nameof(RouteConfig.Metadata)).Values)
        {
            errors.Add($"{metadata.Path} has no effect: nothing reads metadata of routes. Remove it.");
        }

        foreach (SettingsNode transform in Section(route, nameof(RouteConfig.Transforms)).Values)
        {
            if (Value(transform, "HeaderPrefix") is { } prefix && !prefix.Equals("X-Forwarded-", StringComparison.OrdinalIgnoreCase))
            {
                errors.Add($"{transform.Path}:HeaderPrefix is '{prefix}'; it must be X-Forwarded-, "
                    + "since the edge drops only those headers from requests of untrusted clients.");
            }
        }
    }

    private static void CheckCluster(SettingsNode cluster, List<string> errors)
    {
        if (Child(cluster, nameof(ClusterConfig.SessionAffinity)) is { } affinity
            && Value(affinity, nameof(SessionAffinityConfig.Policy)) is { } policy
            && (Is(policy, SessionAffinityConstants.Policies.Cookie) || Is(policy, SessionAffinityConstants.Policies.CustomHeader)))
        {
            errors.Add($"{affinity.Path}:{nameof(SessionAffinityConfig.Policy)} is '{policy}', "
                + "which needs encryption keys that replicas share, and the edge keeps none; "
                + $"use {SessionAffinityConstants.Policies.HashCookie} or {SessionAffinityConstants.Policies.ArrCookie}.");
        }

        if (Child(cluster, nameof(ClusterConfig.HttpClient)) is { } client
            && Value(client, nameof(HttpClientConfig.ResponseHeaderEncoding)) is { } encoding
            && !Is(encoding, "latin1") && !Is(encoding, "iso-8859-1"))
        {
            errors.Add($"{client.Path}:{nameof(HttpClientConfig.ResponseHeaderEncoding)} is '{encoding}'; "
                + "response headers pass byte for byte, in any encoding: remove it.");
        }

        if (Child(cluster, nameof(ClusterConfig.HttpRequest)) is { } request
            && Value(request, nameof(ForwarderRequestConfig.Version)) is { } version
            && version.StartsWith('3') && !QuicConnection.IsSupported)
        {
            errors.Add($"{request.Path}:{nameof(ForwarderRequestConfig.Version)} is '{version}'; "
                + "this machine has no QUIC library (libmsquic): install it, or use 1.1 or 2.");
        }

        if (Child(cluster, nameof(ClusterConfig.HealthCheck)) is { } health
            && Child(health, nameof(HealthCheckConfig.Passive)) is { } passive
            && Value(passive, nameof(PassiveHealthCheckConfig.ReactivationPeriod)) is { } period
            && SettingText.TryConvert(period, typeof(TimeSpan), out object? duration)
            && duration is TimeSpan reactivation && reactivation > TimeSpan.Zero
            && reactivation < PassiveHealthPolicy.ShortestReactivation)
        {
            errors.Add($"{passive.Path}:{nameof(PassiveHealthCheckConfig.ReactivationPeriod)} is '{period}'; "
                + $"it must be at least {PassiveHealthPolicy.ShortestReactivation}.");
        }

        foreach ((string name, SettingsNode metadata) in Section(cluster, nameof(ClusterConfig.Metadata)))
        {
            CheckMetadata(name, metadata, errors);
        }

        foreach (SettingsNode destination in Section(cluster, nameof(ClusterConfig.Destinations)).Values)
        {
            if (Value(destination, nameof(DestinationConfig.Address)) is null)
            {
                errors.Add($"{destination.Path}:{nameof(DestinationConfig.Address)} is missing; "
                    + "it must be an address that begins with http:// or https://.");
            }

            foreach (SettingsNode metadata in Section(destination, nameof(DestinationConfig.Metadata)).Values)
            {
                errors.Add($"{metadata.Path} has no effect: nothing reads metadata of destinations. Remove it.");
            }
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
        if (Value(route, name) is { } value && !(accepted is not null && Is(value, accepted)))
        {
            errors.Add($"{route.Path}:{name} is '{SettingText.Shown(value)}', but {reason}.");
        }
    }

    private static bool Is(string text, string name) => text.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static SettingsNode? Child(SettingsNode node, string name) => node.Children.GetValueOrDefault(name);

    private static string? Value(SettingsNode node, string name) => Child(node, name)?.Value is { Length: > 0 } value ? value : null;

    private static IReadOnlyDictionary<string, SettingsNode> Section(SettingsNode node, string name) =>
        Child(node, name)?.Children ?? new Dictionary<string, SettingsNode>();
}
