using AspirateOffline.Manifest;
using k8s.Models;

namespace AspirateOffline.Kustomize;

/// <summary>The objects of one project or container, shaped as aspirate shapes them.</summary>
internal sealed class Component(string name, ManifestResource resource, ExpressionResolver resolver, GenerateOptions options)
{
    // aspirate's own constants.
    private const int MinReadySeconds = 60;
    private const int TerminationGracePeriodSeconds = 180;
    private const string VolumeSize = "1Gi";

    private static readonly string[] Misrendered = ["\"", "&", "<", ">", ": "];

    private Dictionary<string, string> Labels => new() { ["app"] = name };

    private string VolumeName => resource.Volumes[0].Name;

    /// <summary>File of the workload: a volume makes it a StatefulSet.</summary>
    public string WorkloadFile => resource.Volumes.Count > 0 ? "statefulset.yaml" : "deployment.yaml";

    /// <summary>The workload.</summary>
    public object Workload() => resource.Volumes.Count > 0 ? StatefulSet() : Deployment();

    /// <summary>The service; null without endpoints.</summary>
    public V1Service? Service()
    {
        return resource.Bindings.Count == 0 ? null : new V1Service
        {
            ApiVersion = "v1",
            Kind = "Service",
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new V1ServiceSpec
            {
                Type = "ClusterIP",
                Selector = Labels,
                Ports = [.. Ports().Select(p => new V1ServicePort { Name = p.Name, Port = p.Number, TargetPort = p.Number })],
            },
        };
    }

    /// <summary>The environment as literals of a ConfigMap.</summary>
    /// <exception cref="GenerateException">A value that aspirate would write wrongly.</exception>
    public List<string> Environment()
    {
        List<string> literals = [];
        foreach ((string key, string expression) in resource.Env)
        {
            string value = resolver.Resolve(expression);
            if (Misrendered.FirstOrDefault(value.Contains) is { } bad)
            {
                throw new GenerateException(
                    $"{name}: the value of {key} holds '{bad}', which aspirate writes wrongly; choose a value without it");
            }

            literals.Add($"{key}={value}");
        }

        if (resource.IsProject)
        {
            literals.Add($"ASPNETCORE_URLS=http://+:{ManifestResource.ProjectPort};");
        }

        return literals;
    }

    private V1Deployment Deployment() => new()
    {
        ApiVersion = "apps/v1",
        Kind = "Deployment",
        Metadata = new V1ObjectMeta { Name = name, Labels = Labels },
        Spec = new V1DeploymentSpec
        {
            MinReadySeconds = MinReadySeconds,
            Replicas = 1,
            Selector = new V1LabelSelector { MatchLabels = Labels },
            Strategy = new V1DeploymentStrategy { Type = "Recreate" },
            Template = Pod(),
        },
    };

    private V1StatefulSet StatefulSet() => new()
    {
        ApiVersion = "apps/v1",
        Kind = "StatefulSet",
        Metadata = new V1ObjectMeta { Name = name, Labels = Labels },
        Spec = new V1StatefulSetSpec
        {
            ServiceName = name,
            MinReadySeconds = MinReadySeconds,
            Replicas = 1,
            Selector = new V1LabelSelector { MatchLabels = Labels },
            Template = Pod(),
            VolumeClaimTemplates =
            [
                new V1PersistentVolumeClaim
                {
                    Metadata = new V1ObjectMeta { Name = VolumeName },
                    Spec = new V1PersistentVolumeClaimSpec
                    {
                        AccessModes = ["ReadWriteOnce"],
                        Resources = new V1VolumeResourceRequirements
                        {
                            Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new ResourceQuantity(VolumeSize) },
                        },
                    },
                },
            ],
        },
    };

    private V1PodTemplateSpec Pod() => new()
    {
        Metadata = new V1ObjectMeta { Labels = Labels },
        Spec = new V1PodSpec
        {
            Containers =
            [
                new V1Container
                {
                    Name = name,
                    Image = resource.IsProject ? $"{options.Registry}/{name}:{options.Tag}" : resource.Image,
                    ImagePullPolicy = options.PullPolicy,
                    Command = resource.Entrypoint is null ? null : [resource.Entrypoint],
                    Args = resource.Args.Count == 0 ? null : [.. resource.Args],
                    Ports = [.. Ports().Select(p => new V1ContainerPort { Name = p.Name, ContainerPort = p.Number })],
                    EnvFrom = [new V1EnvFromSource { ConfigMapRef = new V1ConfigMapEnvSource { Name = $"{name}-env" } }],
                    VolumeMounts = resource.Volumes.Count == 0
                        ? null
                        : [new V1VolumeMount { Name = VolumeName, MountPath = resource.Volumes[0].Target }],
                },
            ],
            TerminationGracePeriodSeconds = TerminationGracePeriodSeconds,
        },
    };

    private IEnumerable<(string Name, int Number)> Ports() =>
        resource.Bindings.Select(b => (b.Key, ExpressionResolver.Port(resource, b.Value)));
}
