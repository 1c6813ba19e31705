using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.Kubernetes.Tests.Rendering.Extensions;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>Routes lead to the edge's public port alone. With a route, the edge admits the namespace of the route's proxies and no other
/// source. No Ingress uses an unmaintained controller.</summary>
internal sealed class EntryIsNarrow : IManifestRule
{
    private static readonly string[] Retired = ["nginx"];

    public IEnumerable<string> Violations(ManifestSet set)
    {
        (string Route, string Service, string Port)[] routes =
        [
            .. from route in set.All<HttpRoute>()
               from backend in route.Spec.Rules.SelectMany(r => r.BackendRefs)
               select ($"HTTPRoute {route.Metadata.Name}", backend.Name, $"{backend.Port}"),
            .. from ingress in set.All<V1Ingress>()
               from backend in ingress.Spec.Rules.SelectMany(r => r.Http.Paths).Select(p => p.Backend.Service)
               select ($"Ingress {ingress.Metadata.Name}", backend.Name, backend.Port.Name ?? $"{backend.Port.Number}"),
        ];
        foreach ((string route, string service, string port) in routes.Where(r => r is not { Service: "edge", Port: "http" or "8080" }))
        {
            yield return $"{route}: leads to {service}:{port}, not to the edge's public port";
        }

        foreach (V1Service service in set.All<V1Service>()
            .Where(s => s is { Spec.Type: "NodePort" or "LoadBalancer", Metadata.Name: not "edge" }))
        {
            yield return $"Service {service.Metadata.Name}: is open to the outside";
        }

        if (routes.Length > 0 && set.All<V1NetworkPolicy>().Where(p => p.Metadata.Name == "edge-public").SelectMany(p => p.Spec.Ingress)
            .Any(r => r.FromProperty is not { Count: > 0 } || r.FromProperty.Any(IsWide)))
        {
            yield return "NetworkPolicy edge-public: admits more than the namespace of the proxies in front";
        }

        foreach (V1Ingress ingress in set.All<V1Ingress>().Where(i => Retired.Contains(i.Spec.IngressClassName)))
        {
            yield return $"Ingress {ingress.Metadata.Name}: class {ingress.Spec.IngressClassName} is a retired controller's";
        }
    }

    private static bool IsWide(V1NetworkPolicyPeer peer) =>
        peer.IpBlock is not null || peer.NamespaceSelector?.MatchLabels?.ContainsKey("kubernetes.io/metadata.name") != true;
}
