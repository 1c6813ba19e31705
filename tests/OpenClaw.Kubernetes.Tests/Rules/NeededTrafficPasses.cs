using System.Text.RegularExpressions;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>
/// Needed connections are allowed at both ends: DNS from all pods, the edge's public port from the proxies in front or else from all
/// addresses, every address in a container's environment from that container, and the metrics Services from Prometheus. The edge has an
/// address of a Redis and of a rating API.
/// </summary>
internal sealed partial class NeededTrafficPasses : IManifestRule
{
    private const string NamespaceLabel = "kubernetes.io/metadata.name";
    private static readonly Dictionary<string, string> Dns = new() { ["k8s-app"] = "kube-dns" };

    public IEnumerable<string> Violations(ManifestSet set)
    {
        foreach (Workload workload in set.Workloads)
        {
            foreach (string protocol in (string[])["UDP", "TCP"])
            {
                if (!Leaves(set, workload, 53, p => IsNamespace(p, "kube-system") && Takes(p.PodSelector, Dns), protocol))
                {
                    yield return $"{workload.Name}: does not reach DNS ({protocol})";
                }
            }

            foreach (string violation in Destinations(set, workload).SelectMany(d => Violations(set, workload, d.Host, d.Port)))
            {
                yield return violation;
            }
        }

        foreach (Workload edge in set.Workloads.Where(w => w.Name == "edge"))
        {
            string[] hosts = [.. Destinations(set, edge).Select(d => d.Name)];
            if (!hosts.Contains("ConnectionStrings__redis") || !hosts.Any(h => h.Contains("rating-api")))
            {
                yield return "edge: its environment names no Redis or no rating API";
            }

            if (!Enters(set, edge, 8080, p => p.NamespaceSelector is not null))
            {
                yield return "edge: is not reached from outside";
            }
        }

        foreach (V1Service service in set.All<V1Service>().Where(s => s.Metadata.Name.EndsWith("-metrics", StringComparison.Ordinal)))
        {
            foreach (Workload workload in set.Behind(service))
            {
                int port = Port(workload, service.Spec.Ports.Single().TargetPort);
                if (!Enters(set, workload, port, p => IsNamespace(p, "monitoring")))
                {
                    yield return $"{workload.Name}: its metrics are not reached from the namespace monitoring";
                }
            }
        }
    }

    private static IEnumerable<string> Violations(ManifestSet set, Workload from, string host, int port)
    {
        string[] parts = host.Split('.');
        if (parts.Length > 2)
        {
            if (!Leaves(set, from, port, p => p.IpBlock is not null))
            {
                yield return $"{from.Name}: does not reach {host}:{port} outside the cluster";
            }
        }
        else if (parts.Length == 2)
        {
            if (!Leaves(set, from, port, p => IsNamespace(p, parts[1])))
            {
                yield return $"{from.Name}: does not reach {host}:{port} in the namespace {parts[1]}";
            }
        }
        else if (set.All<V1Service>().FirstOrDefault(s => s.Metadata.Name == host) is not { } service ||
            service.Spec.Ports.FirstOrDefault(p => p.Port == port) is not { } open)
        {
            yield return $"{from.Name}: no Service {host} with port {port}";
        }
        else
        {
            foreach (Workload to in set.Behind(service))
            {
                int target = Port(to, open.TargetPort ?? open.Port);
                if (!Leaves(set, from, target, p => p.NamespaceSelector is null && p.PodSelector is { } pods && to.IsSelectedBy(pods)))
                {
                    yield return $"{from.Name}: is not let out to {to.Name}:{target}";
                }

                if (!Enters(set, to, target, p => p.NamespaceSelector is null && p.PodSelector is { } pods && from.IsSelectedBy(pods)))
                {
                    yield return $"{to.Name}: does not let {from.Name} in on {target}";
                }
            }
        }
    }

    /// <summary>Hosts and ports of the connection string of Redis and of every http address that a workload is given.</summary>
    private static IEnumerable<(string Name, string Host, int Port)> Destinations(ManifestSet set, Workload workload) =>
        from container in workload.Containers
        from variable in Workload.Environment(set, container)
        from Match match in (variable.Key == "ConnectionStrings__redis" ? RedisAddress() : HttpAddress()).Matches(variable.Value)
        let port = match.Groups["port"].Value
        select (variable.Key, match.Groups["host"].Value, port.Length > 0
            ? int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)
            : match.Value.StartsWith("https") ? 443 : 80);

    private static bool Leaves(ManifestSet set, Workload from, int port, Func<V1NetworkPolicyPeer, bool> isTarget, string protocol = "TCP")
    {
        V1NetworkPolicy[] policies =
            [.. set.All<V1NetworkPolicy>().Where(p => p.Spec.PolicyTypes.Contains("Egress") && from.IsSelectedBy(p.Spec.PodSelector))];
        return policies.Length == 0 || policies.SelectMany(p => p.Spec.Egress ?? [])
            .Any(r => Opens(r.Ports, port, protocol) && (r.To is not { Count: > 0 } || r.To.Any(isTarget)));
    }

    private static bool Enters(ManifestSet set, Workload to, int port, Func<V1NetworkPolicyPeer, bool> isSource)
    {
        V1NetworkPolicy[] policies =
            [.. set.All<V1NetworkPolicy>().Where(p => p.Spec.PolicyTypes.Contains("Ingress") && to.IsSelectedBy(p.Spec.PodSelector))];
        return policies.Length == 0 || policies.SelectMany(p => p.Spec.Ingress ?? [])
            .Any(r => Opens(r.Ports, port, "TCP") && (r.FromProperty is not { Count: > 0 } || r.FromProperty.Any(isSource)));
    }

    private static bool Opens(IList<V1NetworkPolicyPort>? ports, int port, string protocol) =>
        ports is not { Count: > 0 } || ports.Any(p => (p.Port is null || p.Port.Value == $"{port}") && (p.Protocol ?? "TCP") == protocol);

    private static bool IsNamespace(V1NetworkPolicyPeer peer, string name) =>
        peer.NamespaceSelector is { } space && Takes(space, new() { [NamespaceLabel] = name });

    private static bool Takes(V1LabelSelector? selector, Dictionary<string, string> labels) =>
        (selector?.MatchLabels ?? new Dictionary<string, string>()).All(l =>
            labels.TryGetValue(l.Key, out string? value) && value == l.Value);

    private static int Port(Workload workload, IntOrString target) =>
        workload.Containers.SelectMany(c => c.Ports ?? [])
            .FirstOrDefault(p => p.Name == target.Value || $"{p.ContainerPort}" == target.Value)?.ContainerPort ?? 0;

    [GeneratedRegex(@"https?://(?<host>[a-z0-9.-]+)(:(?<port>\d+))?")]
    private static partial Regex HttpAddress();

    [GeneratedRegex(@"(?<=^|,)(?<host>[a-z0-9.-]+):(?<port>\d+)(?=,|$)")]
    private static partial Regex RedisAddress();
}
