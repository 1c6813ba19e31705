using System.Globalization;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.Kubernetes.Tests.Rendering.Extensions;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>Every ConfigMap, Secret, key, service account, priority class, volume and port that something names is there.</summary>
internal sealed class ReferencesExist : IManifestRule
{
    // What an operator brings where no cert-manager makes it.
    private static readonly string[] Given = ["redis-tls"];

    public IEnumerable<string> Violations(ManifestSet set)
    {
        return set.Workloads.SelectMany(w => PodViolations(set, w).Concat(w.Containers.SelectMany(c => ContainerViolations(set, w, c))))
            .Concat(set.All<V1Service>().SelectMany(s => ServiceViolations(set, s)))
            .Concat(set.All<V1NetworkPolicy>().SelectMany(p => PolicyViolations(set, p)))
            .Concat(set.All<V1Ingress>().SelectMany(i => IngressViolations(set, i)))
            .Concat(set.All<PodMonitor>().SelectMany(m => MonitorViolations(set, m)));
    }

    private static IEnumerable<string> PodViolations(ManifestSet set, Workload workload)
    {
        V1PodSpec pod = workload.Template.Spec;
        if (!set.Has<V1ServiceAccount>(pod.ServiceAccountName))
        {
            yield return $"{workload.Name}: no ServiceAccount {pod.ServiceAccountName}";
        }

        if (pod.PriorityClassName is { } priority && !set.Has<V1PriorityClass>(priority))
        {
            yield return $"{workload.Name}: no PriorityClass {priority}";
        }

        foreach (V1Volume volume in pod.Volumes ?? [])
        {
            if (volume.ConfigMap is { } map && !set.Has<V1ConfigMap>(map.Name))
            {
                yield return $"{workload.Name}: no ConfigMap {map.Name}";
            }

            if (volume.Secret is { } secret && !set.Has<V1Secret>(secret.SecretName) && !Given.Contains(secret.SecretName))
            {
                yield return $"{workload.Name}: no Secret {secret.SecretName}";
            }
        }
    }

    private static IEnumerable<string> ContainerViolations(ManifestSet set, Workload workload, V1Container container)
    {
        string name = $"{workload.Name}/{container.Name}";
        foreach (V1EnvFromSource source in container.EnvFrom ?? [])
        {
            if (source.ConfigMapRef is { } map && !set.Has<V1ConfigMap>(map.Name))
            {
                yield return $"{name}: no ConfigMap {map.Name}";
            }

            if (source.SecretRef is { } secret && !set.Has<V1Secret>(secret.Name))
            {
                yield return $"{name}: no Secret {secret.Name}";
            }
        }

        foreach (V1EnvVarSource source in (container.Env ?? []).Select(e => e.ValueFrom).OfType<V1EnvVarSource>())
        {
            if (source.SecretKeyRef is { } s &&
                set.All<V1Secret>().FirstOrDefault(x => x.Metadata.Name == s.Name)?.Data?.ContainsKey(s.Key) != true)
            {
                yield return $"{name}: no key {s.Key} in a Secret {s.Name}";
            }

            if (source.ConfigMapKeyRef is { } m &&
                set.All<V1ConfigMap>().FirstOrDefault(x => x.Metadata.Name == m.Name)?.Data?.ContainsKey(m.Key) != true)
            {
                yield return $"{name}: no key {m.Key} in a ConfigMap {m.Name}";
            }
        }

        IEnumerable<string> claims = set.All<V1StatefulSet>().Where(s => s.Metadata.Name == workload.Name)
            .SelectMany(s => s.Spec.VolumeClaimTemplates ?? []).Select(c => c.Metadata.Name);
        string[] volumes = [.. (workload.Template.Spec.Volumes ?? []).Select(v => v.Name), .. claims];
        foreach (V1VolumeMount mount in (container.VolumeMounts ?? []).Where(m => !volumes.Contains(m.Name)))
        {
            yield return $"{name}: no volume {mount.Name}";
        }

        foreach (V1Probe probe in new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe }.OfType<V1Probe>())
        {
            IntOrString? port = probe.HttpGet?.Port ?? probe.TcpSocket?.Port;
            if (port is not null && !HasPort(container, port))
            {
                yield return $"{name}: a probe asks port {port.Value}, which the container does not have";
            }
        }
    }

    private static IEnumerable<string> ServiceViolations(ManifestSet set, V1Service service)
    {
        V1Container[] containers = [.. set.Behind(service).SelectMany(w => w.Containers)];
        foreach (V1ServicePort port in service.Spec.Ports)
        {
            IntOrString target = port.TargetPort ?? port.Port;
            if (!containers.Any(c => HasPort(c, target)))
            {
                yield return $"Service {service.Metadata.Name}: no container has port {target.Value}";
            }
        }
    }

    private static IEnumerable<string> PolicyViolations(ManifestSet set, V1NetworkPolicy policy)
    {
        foreach (V1NetworkPolicyIngressRule rule in policy.Spec.Ingress ?? [])
        {
            foreach (V1NetworkPolicyPort port in rule.Ports ?? [])
            {
                if (!set.Selected(policy.Spec.PodSelector).SelectMany(w => w.Containers).Any(c => HasPort(c, port.Port)))
                {
                    yield return $"NetworkPolicy {policy.Metadata.Name}: no container has port {port.Port.Value}";
                }
            }
        }

        // Towards pods of this set; what other namespaces and hosts listen on is theirs.
        foreach (V1NetworkPolicyEgressRule rule in policy.Spec.Egress ?? [])
        {
            V1LabelSelector[] pods =
                [.. (rule.To ?? []).Where(p => p.NamespaceSelector is null && p.PodSelector is not null).Select(p => p.PodSelector)];
            foreach (V1NetworkPolicyPort port in pods.Length == 0 ? [] : rule.Ports ?? [])
            {
                if (!pods.All(p => set.Selected(p).SelectMany(w => w.Containers).Any(c => HasPort(c, port.Port))))
                {
                    yield return $"NetworkPolicy {policy.Metadata.Name}: no container has port {port.Port.Value}";
                }
            }
        }
    }

    private static IEnumerable<string> IngressViolations(ManifestSet set, V1Ingress ingress)
    {
        foreach (V1IngressServiceBackend backend in ingress.Spec.Rules.SelectMany(r => r.Http.Paths).Select(p => p.Backend.Service))
        {
            V1Service? service = set.All<V1Service>().FirstOrDefault(s => s.Metadata.Name == backend.Name);
            if (service?.Spec.Ports.Any(p => p.Name == backend.Port.Name || p.Port == backend.Port.Number) != true)
            {
                string port = backend.Port.Name ?? $"{backend.Port.Number}";
                yield return $"Ingress {ingress.Metadata.Name}: no port {port} of a Service {backend.Name}";
            }
        }
    }

    private static IEnumerable<string> MonitorViolations(ManifestSet set, PodMonitor monitor) =>
        from endpoint in monitor.Spec.PodMetricsEndpoints
        from workload in set.Selected(monitor.Spec.Selector)
        where !workload.Containers.Any(c => HasPort(c, endpoint.Port))
        select $"PodMonitor {monitor.Metadata.Name}: {workload.Name} has no port {endpoint.Port}";

    private static bool HasPort(V1Container container, IntOrString port) =>
        (container.Ports ?? []).Any(p => p.Name == port.Value || p.ContainerPort.ToString(CultureInfo.InvariantCulture) == port.Value);
}
