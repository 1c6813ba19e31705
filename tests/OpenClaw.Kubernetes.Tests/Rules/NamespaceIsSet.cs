using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>Everything lands in one namespace, which is no part of the overlay: deleting the overlay deletes neither it nor the claims in
/// it.</summary>
internal sealed class NamespaceIsSet : IManifestRule
{
    private const string Name = "openclaw";

    public IEnumerable<string> Violations(ManifestSet set)
    {
        foreach (V1Namespace space in set.All<V1Namespace>())
        {
            yield return $"Namespace {space.Metadata.Name}: would be deleted with the overlay";
        }

        // A priority class belongs to the cluster.
        foreach (var item in set.Objects.Where(o => o is not (V1Namespace or V1PriorityClass) && o.Metadata.NamespaceProperty != Name))
        {
            yield return $"{item.Kind} {item.Metadata.Name}: in namespace '{item.Metadata.NamespaceProperty}'";
        }

        foreach (V1StatefulSet stateful in set.All<V1StatefulSet>()
            .Where(s => s.Spec.PersistentVolumeClaimRetentionPolicy is { WhenDeleted: "Delete" } or { WhenScaled: "Delete" }))
        {
            yield return $"StatefulSet {stateful.Metadata.Name}: its claims are deleted with it";
        }
    }
}
