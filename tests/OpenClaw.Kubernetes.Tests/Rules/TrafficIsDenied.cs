using System.Globalization;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>
/// Only the edge's public port is open to everybody, only the edge reaches the others and Prometheus their metrics, and nothing leaves without a destination: no whole
/// Internet, except for the component whose purpose it is, no every namespace.
/// </summary>
internal sealed class TrafficIsDenied : IManifestRule
{
    private const string PublicWorkload = "edge";
    private const string PublicPort = "8080";
    private const string MetricsPort = "9464";

    // A real rating API is a host, which a policy cannot name.
    private const string OpenToTheInternet = "edge-to-external-rating-api";

    public IEnumerable<string> Violations(ManifestSet set)
    {
        if (!set.All<V1NetworkPolicy>().Any(IsDefaultDeny))
        {
            yield return "no NetworkPolicy denies everything by default";
        }

        foreach (V1NetworkPolicy policy in set.All<V1NetworkPolicy>())
        {
            Workload[] selected = [.. set.Workloads.Where(w => w.IsSelectedBy(policy.Spec.PodSelector))];
            foreach (V1NetworkPolicyIngressRule rule in policy.Spec.Ingress ?? [])
            {
                bool fromAnywhere = rule.FromProperty is not { Count: > 0 };
                bool fromEdge = !fromAnywhere && rule.FromProperty!.All(p => p.IpBlock is null && p.NamespaceSelector is null &&
                    set.Workloads.Where(w => w.IsSelectedBy(p.PodSelector)).All(w => w.Name == PublicWorkload));
                if (fromAnywhere && (selected.Any(w => w.Name != PublicWorkload) || rule.Ports?.All(p => p.Port?.Value == PublicPort) != true || rule.Ports.Count != 1))
                {
                    yield return $"NetworkPolicy {policy.Metadata.Name}: opens {string.Join(", ", selected.Select(w => w.Name))} to everybody";
                }
                else if (!fromAnywhere && !fromEdge && !IsForPrometheus(rule))
                {
                    yield return $"NetworkPolicy {policy.Metadata.Name}: lets others than the edge in";
                }
            }

            foreach (V1NetworkPolicyEgressRule rule in policy.Spec.Egress ?? [])
            {
                if (rule.To is not { Count: > 0 } || rule.Ports is not { Count: > 0 })
                {
                    yield return $"NetworkPolicy {policy.Metadata.Name}: lets traffic out to anywhere";
                }
                else if (rule.To.Any(IsAnywhere) && !(policy.Metadata.Name == OpenToTheInternet && selected is [{ Name: PublicWorkload }] && rule.Ports is [{ Port.Value: "443" }]))
                {
                    yield return $"NetworkPolicy {policy.Metadata.Name}: lets traffic out to anywhere on {string.Join(", ", rule.Ports.Select(p => p.Port?.Value))}";
                }
            }
        }
    }

    private static bool IsForPrometheus(V1NetworkPolicyIngressRule rule) =>
        rule.FromProperty is [{ IpBlock: null, NamespaceSelector.MatchLabels: { Count: > 0 } labels }] &&
        labels.Contains(new("kubernetes.io/metadata.name", "monitoring")) && rule.Ports is [{ Port.Value: MetricsPort }];

    /// <summary>An address block wider than any private network, or a namespace selector that takes them all.</summary>
    private static bool IsAnywhere(V1NetworkPolicyPeer peer) =>
        (peer.IpBlock is { } block && int.Parse(block.Cidr[(block.Cidr.IndexOf('/') + 1)..], CultureInfo.InvariantCulture) < 7) ||
        peer.NamespaceSelector is { MatchLabels: not { Count: > 0 }, MatchExpressions: not { Count: > 0 } };

    private static bool IsDefaultDeny(V1NetworkPolicy policy) =>
        policy.Spec.PodSelector is not { MatchLabels.Count: > 0 } and not { MatchExpressions.Count: > 0 } &&
        policy.Spec.PolicyTypes.Contains("Ingress") && policy.Spec.PolicyTypes.Contains("Egress") &&
        policy.Spec.Ingress is not { Count: > 0 } && policy.Spec.Egress is not { Count: > 0 };
}
