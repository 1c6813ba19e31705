using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>The edge has at least three replicas, spread over zones and nodes, an autoscaler with limits on its pace in both directions,
/// and a disruption budget. The single-node overlay <c>local</c> has none of these.</summary>
internal sealed class EdgeOutlivesANode : IManifestRule
{
    public IEnumerable<string> Violations(ManifestSet set)
    {
        Workload edge = set.Workloads.Single(w => w.Name == "edge");
        V2HorizontalPodAutoscaler? autoscaler = set.All<V2HorizontalPodAutoscaler>()
            .FirstOrDefault(a => a.Spec.ScaleTargetRef.Name == edge.Name);
        if (autoscaler?.Spec.MinReplicas is not >= 3)
        {
            yield return $"Deployment {edge.Name}: no autoscaler keeps three replicas";
        }

        if (autoscaler?.Spec.Behavior is not
            {
                ScaleUp.Policies.Count: > 0,
                ScaleDown: { Policies.Count: > 0, StabilizationWindowSeconds: > 0 }
            })
        {
            yield return $"Deployment {edge.Name}: its autoscaler says no pace for both directions";
        }

        if (edge.Deployment?.Spec.Strategy?.RollingUpdate?.MaxSurge?.Value.EndsWith('%') != true)
        {
            yield return $"Deployment {edge.Name}: a roll-out takes longer the more replicas there are";
        }

        if (!set.All<V1PodDisruptionBudget>().Any(b => edge.IsSelectedBy(b.Spec.Selector)))
        {
            yield return $"Deployment {edge.Name}: has no disruption budget";
        }

        string[] spread = [.. (edge.Template.Spec.TopologySpreadConstraints ?? []).Select(c => c.TopologyKey)];
        foreach (string key in new[] { "topology.kubernetes.io/zone", "kubernetes.io/hostname" }.Except(spread))
        {
            yield return $"Deployment {edge.Name}: is not spread over {key}";
        }
    }
}
