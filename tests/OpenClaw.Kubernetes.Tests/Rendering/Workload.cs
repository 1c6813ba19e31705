using System.Text;
using k8s;
using k8s.Models;

namespace OpenClaw.Kubernetes.Tests.Rendering;

/// <summary>A Deployment or StatefulSet.</summary>
internal sealed record Workload(string Kind, string Name, V1LabelSelector Selector, V1PodTemplateSpec Template, V1Deployment? Deployment)
{
    /// <summary>Whether it is one of this repository's services, and not the store.</summary>
    public bool IsService => Name != "redis";

    public IDictionary<string, string> Labels => Template.Metadata?.Labels ?? new Dictionary<string, string>();

    public IEnumerable<V1Container> Containers => [.. Template.Spec.InitContainers ?? [], .. Template.Spec.Containers];

    public static Workload? From(IKubernetesObject<V1ObjectMeta> item) => item switch
    {
        V1Deployment d => new Workload("Deployment", d.Metadata.Name, d.Spec.Selector, d.Spec.Template, d),
        V1StatefulSet s => new Workload("StatefulSet", s.Metadata.Name, s.Spec.Selector, s.Spec.Template, null),
        _ => null,
    };

    /// <summary>What the kubelet gives a container: its sources in order, a later one over an earlier one, and its own variables over
    /// both.</summary>
    public static IReadOnlyDictionary<string, string> Environment(ManifestSet set, V1Container container)
    {
        Dictionary<string, string> environment = [];
        foreach (V1EnvFromSource source in container.EnvFrom ?? [])
        {
            Add(set.All<V1ConfigMap>().FirstOrDefault(m => m.Metadata.Name == source.ConfigMapRef?.Name)?.Data);
            V1Secret? secret = set.All<V1Secret>().FirstOrDefault(s => s.Metadata.Name == source.SecretRef?.Name);
            Add(secret?.Data?.ToDictionary(d => d.Key, d => Encoding.UTF8.GetString(d.Value)));
        }

        Add((container.Env ?? []).Where(e => e.Value is not null).ToDictionary(e => e.Name, e => e.Value));
        return environment;

        void Add(IDictionary<string, string>? variables)
        {
            foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
            {
                environment[name] = value;
            }
        }
    }

    /// <summary>Whether a label selector takes this workload's pods.</summary>
    public bool IsSelectedBy(V1LabelSelector? selector) =>
        (selector?.MatchLabels ?? new Dictionary<string, string>()).All(l =>
            Labels.TryGetValue(l.Key, out string? value) && value == l.Value) &&
        (selector?.MatchExpressions ?? []).All(e => e.OperatorProperty switch
        {
            "In" => Labels.TryGetValue(e.Key, out string? value) && e.Values.Contains(value),
            "NotIn" => !Labels.TryGetValue(e.Key, out string? value) || !e.Values.Contains(value),
            "Exists" => Labels.ContainsKey(e.Key),
            _ => throw new NotSupportedException($"selector operator {e.OperatorProperty}"),
        });
}
