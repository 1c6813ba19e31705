using k8s;
using k8s.Models;

namespace PodmanAdapt;

/// <summary>Turns rendered manifests into what <c>podman kube play</c> 4.3 can run. Containers keep their command, environment,
/// limits, users, capabilities and read-only root. Objects without a counterpart (Services, probes, policies, autoscaling) are
/// omitted.</summary>
internal sealed class PodmanKube(AdaptOptions options)
{
    /// <summary>The documents to play, in the order of the options' addresses: podman assigns them in this order.</summary>
    public IReadOnlyList<IKubernetesObject> Documents(IEnumerable<object> rendered)
    {
        List<IKubernetesObject> documents = [];
        Dictionary<string, IKubernetesObject> workloads = [];
        foreach (object item in rendered.Where(IsRun))
        {
            switch (item)
            {
                case V1ConfigMap map:
                    // podman names the volume that it makes of a ConfigMap after it alone, so that two stacks would share one.
                    map.Metadata = new V1ObjectMeta { Name = Prefixed(map.Metadata.Name) };
                    documents.Add(map);
                    break;
                case V1Deployment deployment:
                    Adapt(deployment.Metadata.Name, deployment.Spec.Template.Spec, []);
                    workloads[deployment.Metadata.Name] = deployment;
                    deployment.Metadata = new V1ObjectMeta { Name = $"{options.Name}-{deployment.Metadata.Name}" };
                    // A second replica would want the same address.
                    deployment.Spec.Replicas = 1;
                    break;
                case V1StatefulSet stateful:
                    foreach (V1PersistentVolumeClaim claim in stateful.Spec.VolumeClaimTemplates ?? [])
                    {
                        documents.Add(new V1PersistentVolumeClaim
                        {
                            ApiVersion = "v1",
                            Kind = "PersistentVolumeClaim",
                            Metadata = new V1ObjectMeta
                            {
                                Name = Prefixed(claim.Metadata.Name),
                                Annotations = Owner(stateful.Spec.Template.Spec.SecurityContext),
                            },
                            Spec = claim.Spec,
                        });
                    }

                    workloads[stateful.Metadata.Name] = Pod(stateful);
                    break;
            }
        }

        return [.. documents, .. options.Addresses.Keys.Select(name => workloads[name])];
    }

    /// <summary>The rendered Secrets, each as the JSON object that podman reads variables from: name and base64 value.</summary>
    public IReadOnlyDictionary<string, IDictionary<string, byte[]>> Secrets(IEnumerable<object> rendered) =>
        rendered.OfType<V1Secret>().ToDictionary(s => Prefixed(s.Metadata.Name), s => s.Data);

    // Replaces fsGroup.
    private static Dictionary<string, string> Owner(V1PodSecurityContext context) =>
        new() { ["volume.podman.io/uid"] = $"{context.RunAsUser}", ["volume.podman.io/gid"] = $"{context.FsGroup}" };

    // A workload without an address is not part of the stack.
    private bool IsRun(object item) => item is not (V1Deployment or V1StatefulSet) ||
        options.Addresses.ContainsKey(((IKubernetesObject<V1ObjectMeta>)item).Metadata.Name);

    // StatefulSet is not supported: its template becomes the Pod it would start first.
    private V1Pod Pod(V1StatefulSet stateful)
    {
        V1PodSpec spec = stateful.Spec.Template.Spec;
        Adapt(stateful.Metadata.Name, spec, [.. (stateful.Spec.VolumeClaimTemplates ?? []).Select(c => c.Metadata.Name)]);
        return new V1Pod
        {
            ApiVersion = "v1",
            Kind = "Pod",
            Metadata = new V1ObjectMeta { Name = Prefixed(stateful.Metadata.Name), Labels = stateful.Spec.Template.Metadata.Labels },
            Spec = spec,
        };
    }

    private void Adapt(string workload, V1PodSpec pod, string[] claims)
    {
        pod.HostAliases = [.. options.Addresses.Select(a => new V1HostAlias { Ip = a.Value, Hostnames = [a.Key] })];
        pod.ServiceAccountName = null;
        pod.TopologySpreadConstraints = null;
        pod.Volumes =
        [
            .. pod.Volumes ?? [],
            .. claims.Select(c => new V1Volume
            {
                Name = c,
                PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = Prefixed(c) },
            }),
        ];
        // podman names an emptyDir's volume after it alone, so that two pods would share one.
        foreach (V1Volume volume in pod.Volumes)
        {
            volume.Name = $"{Prefixed(workload)}-{volume.Name}";
            if (volume.ConfigMap is { } map)
            {
                map.Name = Prefixed(map.Name);
            }
        }

        foreach (V1Container container in pod.Containers)
        {
            container.Image = options.Images[workload];
            container.ImagePullPolicy = "Never";
            container.StartupProbe = container.LivenessProbe = container.ReadinessProbe = null;
            container.Lifecycle = null;
            foreach (V1VolumeMount mount in container.VolumeMounts ?? [])
            {
                mount.Name = $"{Prefixed(workload)}-{mount.Name}";
            }

            foreach (V1EnvFromSource source in container.EnvFrom ?? [])
            {
                source.ConfigMapRef?.Name = Prefixed(source.ConfigMapRef.Name);
                source.SecretRef?.Name = Prefixed(source.SecretRef.Name);
            }

            foreach (V1EnvVar variable in container.Env ?? [])
            {
                variable.ValueFrom?.ConfigMapKeyRef?.Name = Prefixed(variable.ValueFrom.ConfigMapKeyRef.Name);
                variable.ValueFrom?.SecretKeyRef?.Name = Prefixed(variable.ValueFrom.SecretKeyRef.Name);
                if (variable.ValueFrom?.FieldRef is { } field)
                {
                    // podman supports few fields.
                    variable.Value = field.FieldPath == "metadata.namespace" ? options.Name : workload;
                    variable.ValueFrom = null;
                }
            }

            // Other ports are reachable inside the network only.
            container.Ports = [.. (container.Ports ?? []).Where(p => p.Name is not null && options.Ports.ContainsKey((workload, p.Name)))];
            foreach (V1ContainerPort port in container.Ports)
            {
                (port.HostIP, port.HostPort) = ("127.0.0.1", options.Ports[(workload, port.Name)]);
            }
        }
    }

    private string Prefixed(string name) => $"{options.Name}-{name}";
}
