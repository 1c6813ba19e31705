using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>Every selector of pods matches some, and every reference to a workload by name resolves.</summary>
internal sealed class SelectorsMatch : IManifestRule
{
    public IEnumerable<string> Violations(ManifestSet set)
    {
        foreach ((string what, V1LabelSelector? selector) in Selectors(set))
        {
            if (!set.Selected(selector).Any())
            {
                yield return $"{what}: selects no pod";
            }
        }

        foreach (Workload workload in set.Workloads)
        {
            if (workload.Selector.MatchLabels is not { Count: > 0 } || !workload.IsSelectedBy(workload.Selector))
            {
                yield return $"{workload.Kind} {workload.Name}: does not select its own pods";
            }

            foreach (V1TopologySpreadConstraint spread in workload.Template.Spec.TopologySpreadConstraints ?? [])
            {
                if (!workload.IsSelectedBy(spread.LabelSelector))
                {
                    yield return $"{workload.Kind} {workload.Name}: spreads pods that are not its own";
                }
            }
        }

        foreach (V2HorizontalPodAutoscaler autoscaler in set.All<V2HorizontalPodAutoscaler>())
        {
            if (!set.Workloads.Any(w => w.Kind == autoscaler.Spec.ScaleTargetRef.Kind && w.Name == autoscaler.Spec.ScaleTargetRef.Name))
            {
                yield return $"HorizontalPodAutoscaler {autoscaler.Metadata.Name}: scales nothing";
            }
        }

        foreach (V1StatefulSet stateful in set.All<V1StatefulSet>().Where(s => !set.Has<V1Service>(s.Spec.ServiceName)))
        {
            yield return $"StatefulSet {stateful.Metadata.Name}: its service {stateful.Spec.ServiceName} does not exist";
        }

        foreach (V1StatefulSet stateful in set.All<V1StatefulSet>().Where(s =>
            set.All<V1Service>().Any(x => x.Metadata.Name == s.Spec.ServiceName && x.Spec.ClusterIP != "None")))
        {
            yield return $"StatefulSet {stateful.Metadata.Name}: its service {stateful.Spec.ServiceName} is not headless";
        }
    }

    private static IEnumerable<(string What, V1LabelSelector? Selector)> Selectors(ManifestSet set) =>
    [
        .. set.All<V1Service>().Select(s =>
            ($"Service {s.Metadata.Name}", (V1LabelSelector?)new V1LabelSelector { MatchLabels = s.Spec.Selector })),
        .. set.All<V1PodDisruptionBudget>().Select(b => ($"PodDisruptionBudget {b.Metadata.Name}", b.Spec.Selector)),
        .. set.All<V1NetworkPolicy>().Select(p => ($"NetworkPolicy {p.Metadata.Name}", p.Spec.PodSelector)),
        .. set.All<V1NetworkPolicy>()
            .SelectMany(p => Peers(p).Where(x => x.PodSelector is not null && x.NamespaceSelector is null)
                .Select(x => ($"NetworkPolicy {p.Metadata.Name}", x.PodSelector))),
    ];

    private static IEnumerable<V1NetworkPolicyPeer> Peers(V1NetworkPolicy policy) =>
        (policy.Spec.Ingress ?? []).SelectMany(i => i.FromProperty ?? []).Concat((policy.Spec.Egress ?? []).SelectMany(e => e.To ?? []));
}
