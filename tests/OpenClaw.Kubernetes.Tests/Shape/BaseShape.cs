using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Shape;

/// <summary>What a base made by aspirate and one made by eng/aspirate-offline must agree on, and what the overlays build upon.</summary>
internal static class BaseShape
{
    /// <summary>The rules that every base keeps, whoever made it.</summary>
    public static IEnumerable<string> Violations(ManifestSet set)
    {
        foreach (Workload workload in set.Workloads)
        {
            V1Container[] containers = [.. workload.Containers];
            if (containers is not [V1Container container] || container.Name != workload.Name)
            {
                yield return $"{workload.Name}: not one container named like it";
                continue;
            }

            if (workload.Labels.Count != 1 || workload.Labels["app"] != workload.Name || !workload.IsSelectedBy(workload.Selector))
            {
                yield return $"{workload.Name}: not labelled and selected by app: {workload.Name}";
            }

            if (container.EnvFrom?.SingleOrDefault()?.ConfigMapRef?.Name != $"{workload.Name}-env" || !set.Has<V1ConfigMap>($"{workload.Name}-env"))
            {
                yield return $"{workload.Name}: its environment is not the ConfigMap {workload.Name}-env";
            }

            if (!set.Has<V1Service>(workload.Name))
            {
                yield return $"{workload.Name}: no Service of that name";
            }

            if (workload.Kind == "StatefulSet" && set.All<V1StatefulSet>().Single(s => s.Metadata.Name == workload.Name)
                .Spec.VolumeClaimTemplates?.SingleOrDefault()?.Metadata.Name != $"{workload.Name}-data")
            {
                yield return $"{workload.Name}: no claim {workload.Name}-data";
            }
        }

        if (set.All<V1Namespace>().Count() != 1)
        {
            yield return "no Namespace";
        }
    }

    /// <summary>A base in lines, without what the two writers may order or spell differently.</summary>
    public static string[] Describe(ManifestSet set)
    {
        IEnumerable<string> workloads = set.Workloads.SelectMany(w => w.Containers.SelectMany(c => (string[])
        [
            $"{w.Kind} {w.Name}: image {c.Image}, pull {c.ImagePullPolicy}",
            $"{w.Kind} {w.Name}: command {string.Join('|', c.Command ?? [])} args {string.Join('|', c.Args ?? [])}",
            $"{w.Kind} {w.Name}: ports {string.Join(", ", (c.Ports ?? []).Select(p => $"{p.Name}={p.ContainerPort}").Order())}",
            $"{w.Kind} {w.Name}: mounts {string.Join(", ", (c.VolumeMounts ?? []).Select(m => $"{m.Name}={m.MountPath}").Order())}",
        ]));
        IEnumerable<string> services = set.All<V1Service>()
            .Select(s => $"Service {s.Metadata.Name}: {s.Spec.Type} {string.Join(", ", s.Spec.Ports.Select(p => $"{p.Name}={p.Port}>{p.TargetPort?.Value}").Order())}");
        IEnumerable<string> environment = set.All<V1ConfigMap>().SelectMany(m => (m.Data ?? new Dictionary<string, string>()).Select(d => $"{m.Metadata.Name}: {d.Key}={d.Value}"));
        IEnumerable<string> names = set.Objects.Select(o => $"{o.Kind} {o.Metadata.NamespaceProperty}/{o.Metadata.Name}");
        return [.. names.Concat(workloads).Concat(services).Concat(environment).Order(StringComparer.Ordinal)];
    }
}
