using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>Every container has startup, liveness and readiness probes. The services' ask the endpoints that exist, on the management port,
/// where no flood of requests reaches them.</summary>
internal sealed class ContainersAreProbed : IManifestRule
{
    private const string Port = "management";

    public IEnumerable<string> Violations(ManifestSet set)
    {
        foreach ((Workload workload, V1Container container) in set.Workloads.SelectMany(w => w.Containers.Select(c => (w, c))))
        {
            string name = $"{workload.Name}/{container.Name}";
            (string Kind, V1Probe? Probe, string Path)[] probes =
            [
                ("startupProbe", container.StartupProbe, "/alive"),
                ("livenessProbe", container.LivenessProbe, "/alive"),
                ("readinessProbe", container.ReadinessProbe, "/health"),
            ];
            foreach ((string kind, V1Probe? probe, string path) in probes)
            {
                if (probe is null)
                {
                    yield return $"{name}: no {kind}";
                }
                else if (probe.HttpGet is null && container.Ports?.Any(p => p.Name == "http") == true)
                {
                    yield return $"{name}: {kind} does not ask {path}";
                }
                else if (probe.HttpGet is { } http && http.Path != path)
                {
                    yield return $"{name}: {kind} asks {http.Path}, not {path}";
                }
                else if (probe.HttpGet is { } asked && asked.Port.Value != Port)
                {
                    yield return $"{name}: {kind} asks port {asked.Port.Value}, not {Port}";
                }
                else if (probe.HttpGet is null && probe.Exec is null && probe.TcpSocket is null)
                {
                    yield return $"{name}: {kind} does nothing";
                }
            }
        }
    }
}
