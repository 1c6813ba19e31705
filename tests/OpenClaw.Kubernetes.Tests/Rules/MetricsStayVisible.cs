using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.Kubernetes.Tests.Rendering.Extensions;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>Prometheus finds every pod that serves metrics, ready or not: an edge that is not ready is the one to look at.</summary>
internal sealed class MetricsStayVisible : IManifestRule
{
    private const string Port = "management";

    public IEnumerable<string> Violations(ManifestSet set)
    {
        V1Service[] services = [.. set.All<V1Service>().Where(s => s.Metadata.Name.EndsWith("-metrics", StringComparison.Ordinal))];
        foreach (V1Service service in services)
        {
            if (service.Spec is not { ClusterIP: "None", PublishNotReadyAddresses: true })
            {
                yield return $"Service {service.Metadata.Name}: does not name every pod, ready or not";
            }
        }

        PodMonitor[] monitors = [.. set.All<PodMonitor>()];
        foreach (Workload workload in set.Workloads.Where(w => w.IsService))
        {
            if (services.Length > 0 && !services.SelectMany(set.Behind).Contains(workload))
            {
                yield return $"{workload.Name}: no Service finds its metrics";
            }

            if (monitors.Length > 0 && !monitors.SelectMany(m => set.Selected(m.Spec.Selector)).Contains(workload))
            {
                yield return $"{workload.Name}: no PodMonitor finds its metrics";
            }
        }

        foreach (PodMonitor monitor in monitors)
        {
            foreach (Workload workload in set.Selected(monitor.Spec.Selector).Where(w => !w.IsService))
            {
                yield return $"PodMonitor {monitor.Metadata.Name}: selects {workload.Name}, which serves no metrics";
            }

            if (monitor.Spec.PodMetricsEndpoints is not [{ Port: Port, Path: "/metrics" } endpoint] ||
                !endpoint.Relabelings.Any(r => r.TargetLabel == "service"))
            {
                yield return $"PodMonitor {monitor.Metadata.Name}: does not ask /metrics of port {Port} under the label service";
            }
        }
    }
}
