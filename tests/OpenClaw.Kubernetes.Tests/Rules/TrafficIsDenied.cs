using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>Only the edge's public port is open to all addresses. Pods reach each other as the architecture says, Prometheus reaches
/// metrics, and every egress rule has a destination: the Internet only where a component needs it, and then without private
/// networks.</summary>
internal sealed class TrafficIsDenied : IManifestRule
{
    private const string Management = "9090";
    private const string NamespaceLabel = "kubernetes.io/metadata.name";

    private static readonly (string From, string To, string Port)[] Inside =
    [
        ("edge", "redis", "6379"), ("edge", "rating-api", "8080"), ("console", "edge", Management), ("notifier", "redis", "6379"),
    ];

    // Rating APIs, sign-in, webhooks and mail servers are hosts, which a policy cannot name.
    private static readonly (string From, string[] Ports)[] Outside =
        [("edge", ["443"]), ("console", ["443"]), ("notifier", ["443", "465", "587"])];

    public IEnumerable<string> Violations(ManifestSet set)
    {
        if (!set.All<V1NetworkPolicy>().Any(IsDefaultDeny))
        {
            yield return "no NetworkPolicy denies everything by default";
        }

        foreach (V1NetworkPolicy policy in set.All<V1NetworkPolicy>())
        {
            string name = $"NetworkPolicy {policy.Metadata.Name}";
            Workload[] selected = [.. set.Selected(policy.Spec.PodSelector)];
            foreach (string violation in (policy.Spec.Ingress ?? []).SelectMany(r => Entering(set, selected, r)))
            {
                yield return $"{name}: {violation}";
            }

            foreach (string violation in (policy.Spec.Egress ?? []).SelectMany(r => Leaving(selected, r)))
            {
                yield return $"{name}: {violation}";
            }
        }
    }

    private static IEnumerable<string> Entering(ManifestSet set, Workload[] selected, V1NetworkPolicyIngressRule rule)
    {
        string[] ports = [.. (rule.Ports ?? []).Select(p => p.Port?.Value ?? "any")];
        if (rule.FromProperty is not { Count: > 0 })
        {
            if (selected.Any(w => w.Name != "edge") || ports is not ["8080"])
            {
                yield return $"opens {string.Join(", ", selected.Select(w => w.Name))} to everybody";
            }

            yield break;
        }

        foreach (V1NetworkPolicyPeer peer in rule.FromProperty)
        {
            if (peer.IpBlock is not null || peer.NamespaceSelector is not null)
            {
                // Proxies come to the public port, Prometheus to the management port.
                string? space = peer.NamespaceSelector?.MatchLabels?.TryGetValue(NamespaceLabel, out string? label) == true ? label : null;
                bool allowed = space is not null && (ports is ["8080"] && selected is [{ Name: "edge" }] ||
                    space == "monitoring" && ports is [Management] && selected.All(w => w.IsService));
                if (!allowed)
                {
                    yield return $"lets {space ?? "other namespaces or addresses"} in";
                }
            }
            else
            {
                foreach (string violation in
                    from source in set.Selected(peer.PodSelector)
                    from target in selected
                    from port in ports.DefaultIfEmpty("any")
                    where !Inside.Contains((source.Name, target.Name, port))
                    select $"lets {source.Name} in to {target.Name} on {port}")
                {
                    yield return violation;
                }
            }
        }
    }

    private static IEnumerable<string> Leaving(Workload[] selected, V1NetworkPolicyEgressRule rule)
    {
        if (rule.To is not { Count: > 0 } || rule.Ports is not { Count: > 0 })
        {
            yield return "lets traffic out to anywhere";
            yield break;
        }

        string[] ports = [.. rule.Ports.Select(p => p.Port?.Value ?? "any")];
        foreach (V1NetworkPolicyPeer peer in rule.To)
        {
            bool wide = peer.IpBlock is { } block && AddressBlocks.IsWide(block) ||
                peer.NamespaceSelector is { MatchLabels: not { Count: > 0 }, MatchExpressions: not { Count: > 0 } };
            if (wide &&
                (peer.IpBlock is null || selected.Any(w => ports.Except(Outside.FirstOrDefault(o => o.From == w.Name).Ports ?? []).Any())))
            {
                yield return $"lets traffic out to anywhere on {string.Join(", ", ports)}";
            }
            else if (wide && AddressBlocks.InnerNetworks(peer.IpBlock!).ToArray() is { Length: > 0 } inner)
            {
                yield return $"lets traffic out to {string.Join(", ", inner)}";
            }
        }
    }

    private static bool IsDefaultDeny(V1NetworkPolicy policy) =>
        policy.Spec.PodSelector is not { MatchLabels.Count: > 0 } and not { MatchExpressions.Count: > 0 } &&
        policy.Spec.PolicyTypes.Contains("Ingress") && policy.Spec.PolicyTypes.Contains("Egress") &&
        policy.Spec.Ingress is not { Count: > 0 } && policy.Spec.Egress is not { Count: > 0 };
}
