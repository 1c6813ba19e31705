using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>The pod security standard "restricted", and more: a numbered user, a read-only root file system, no token, no service
/// links.</summary>
internal sealed class PodsAreRestricted : IManifestRule
{
    public IEnumerable<string> Violations(ManifestSet set)
    {
        return set.Workloads.SelectMany(w => PodViolations(set, w).Concat(w.Containers.SelectMany(c => ContainerViolations(w, c))));
    }

    private static IEnumerable<string> PodViolations(ManifestSet set, Workload workload)
    {
        V1PodSpec pod = workload.Template.Spec;
        if (pod.SecurityContext?.RunAsNonRoot != true || pod.SecurityContext.RunAsUser is null or 0)
        {
            yield return $"{workload.Name}: may run as root";
        }

        if (pod.SecurityContext?.SeccompProfile?.Type != "RuntimeDefault")
        {
            yield return $"{workload.Name}: no seccomp profile";
        }

        if (pod.AutomountServiceAccountToken != false ||
            set.All<V1ServiceAccount>().FirstOrDefault(a =>
                a.Metadata.Name == pod.ServiceAccountName)?.AutomountServiceAccountToken != false)
        {
            yield return $"{workload.Name}: gets a service account's token";
        }

        if (pod.EnableServiceLinks != false)
        {
            yield return $"{workload.Name}: service links add variables to its environment";
        }

        if (pod.HostNetwork == true || pod.HostPID == true || pod.HostIPC == true || pod.Volumes?.All(IsOfThePod) == false)
        {
            yield return $"{workload.Name}: reaches into the host";
        }
    }

    private static IEnumerable<string> ContainerViolations(Workload workload, V1Container container)
    {
        string name = $"{workload.Name}/{container.Name}";
        V1SecurityContext? context = container.SecurityContext;
        if (context?.ReadOnlyRootFilesystem != true)
        {
            yield return $"{name}: its root file system can be written";
        }

        if (context?.AllowPrivilegeEscalation != false || context.Privileged == true)
        {
            yield return $"{name}: may gain privileges";
        }

        if (context?.Capabilities?.Drop?.Contains("ALL") != true || context.Capabilities.Add is { Count: > 0 })
        {
            yield return $"{name}: keeps capabilities";
        }

        if (context?.SeccompProfile is not null and not { Type: "RuntimeDefault" })
        {
            yield return $"{name}: no seccomp profile";
        }

        if (container.Ports?.Any(p => p.HostPort is not null and not 0) == true)
        {
            yield return $"{name}: takes a port of the host";
        }

        if (context?.RunAsUser is 0 || context?.RunAsNonRoot is false)
        {
            yield return $"{name}: may run as root";
        }
    }

    /// <summary>The kinds of volume that the standard names and that are used here; a node's disk is none.</summary>
    private static bool IsOfThePod(V1Volume volume) =>
        volume.EmptyDir is not null || volume.ConfigMap is not null || volume.Secret is not null ||
            volume.PersistentVolumeClaim is not null;
}
