using k8s;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering.Extensions;

namespace OpenClaw.Kubernetes.Tests.Rendering;

/// <summary>Everything that one <c>kubectl apply -k</c> sends to the API server.</summary>
internal sealed class ManifestSet
{
    private ManifestSet(string text, IReadOnlyList<IKubernetesObject<V1ObjectMeta>> objects)
    {
        Text = text;
        Objects = objects;
    }

    /// <summary>The rendered YAML.</summary>
    public string Text { get; }

    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects { get; }

    /// <summary>The objects that run pods.</summary>
    public IEnumerable<Workload> Workloads => Objects.Select(Workload.From).OfType<Workload>();

    public IEnumerable<T> All<T>() => Objects.OfType<T>();

    public bool Has<T>(string? name) where T : IKubernetesObject<V1ObjectMeta> => All<T>().Any(o => o.Metadata.Name == name);

    /// <summary>The same without one object.</summary>
    public ManifestSet Without<T>(string name) where T : IKubernetesObject<V1ObjectMeta>
    {
        IKubernetesObject<V1ObjectMeta> left = All<T>().Single(o => o.Metadata.Name == name);
        return new(Text, [.. Objects.Where(o => !ReferenceEquals(o, left))]);
    }

    /// <summary>Parses strictly: an unknown field, a wrong type or an unknown kind throws.</summary>
    public static ManifestSet Parse(string text) =>
        new(text, [.. KubernetesYaml.LoadAllFromString(text, new Dictionary<string, Type>(ExtensionKinds.Types), strict: true)
            .Cast<IKubernetesObject<V1ObjectMeta>>()]);

    /// <summary>The workloads whose pods a label selector takes.</summary>
    public IEnumerable<Workload> Selected(V1LabelSelector? selector) => Workloads.Where(w => w.IsSelectedBy(selector));

    /// <summary>The workloads behind a Service.</summary>
    public IEnumerable<Workload> Behind(V1Service service) => Selected(new V1LabelSelector { MatchLabels = service.Spec.Selector });
}
