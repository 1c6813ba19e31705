namespace OpenClaw.Kubernetes.Tests.Rendering.Extensions;

/// <summary>The kinds that are no part of Kubernetes, as far as the components use them: a field that is not declared here is an error.
/// The whole schemas are checked by <c>Schema/validate.mjs</c>, which does not know unknown fields.</summary>
internal static class ExtensionKinds
{
    public static IReadOnlyDictionary<string, Type> Types { get; } = new Dictionary<string, Type>
    {
        ["gateway.networking.k8s.io/v1/HTTPRoute"] = typeof(HttpRoute),
        ["monitoring.coreos.com/v1/PodMonitor"] = typeof(PodMonitor),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(PrometheusRule),
        ["cert-manager.io/v1/Issuer"] = typeof(Issuer),
        ["cert-manager.io/v1/Certificate"] = typeof(Certificate),
    };
}
