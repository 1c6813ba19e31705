using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>Everything lands in the one namespace that the set itself makes, and that namespace holds pods to "restricted".</summary>
internal sealed class NamespaceIsSet : IManifestRule
{
    public IEnumerable<string> Violations(ManifestSet set)
    {
        V1Namespace[] namespaces = [.. set.All<V1Namespace>()];
        if (namespaces is not [V1Namespace space])
        {
            yield return $"{namespaces.Length} namespaces instead of one";
            yield break;
        }

        if (space.Metadata.Labels?.TryGetValue("pod-security.kubernetes.io/enforce", out string? level) != true || level != "restricted")
        {
            yield return $"Namespace {space.Metadata.Name}: does not enforce restricted pods";
        }

        foreach (var item in set.Objects.Where(o => o is not V1Namespace && o.Metadata.NamespaceProperty != space.Metadata.Name))
        {
            yield return $"{item.Kind} {item.Metadata.Name}: in namespace '{item.Metadata.NamespaceProperty}'";
        }
    }
}
