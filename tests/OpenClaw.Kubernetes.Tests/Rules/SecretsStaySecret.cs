using System.Text;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>Values of Secrets occur nowhere else, and no ConfigMap has a key whose name suggests a secret.</summary>
internal sealed class SecretsStaySecret : IManifestRule
{
    private static readonly string[] Names = ["password", "pepper", "secret", "token", "connectionstrings__", "admin__key"];

    // Shorter values, such as ports and header names, are not secret.
    private const int ShortestSecret = 16;

    public IEnumerable<string> Violations(ManifestSet set)
    {
        string[] values = [.. set.All<V1Secret>().SelectMany(s => s.Data?.Values ?? []).Select(Encoding.UTF8.GetString)
            .Where(v => v.Length >= ShortestSecret)];
        foreach (V1ConfigMap map in set.All<V1ConfigMap>())
        {
            foreach ((string key, string value) in map.Data ?? new Dictionary<string, string>())
            {
                if (Names.FirstOrDefault(n => key.Contains(n, StringComparison.OrdinalIgnoreCase)) is { } name)
                {
                    yield return $"ConfigMap {map.Metadata.Name}: {key} holds a {name}";
                }
                else if (values.Any(value.Contains) || value.Contains(Overlays.Secret))
                {
                    yield return $"ConfigMap {map.Metadata.Name}: {key} holds a Secret's value";
                }
            }
        }

        foreach ((Workload workload, V1Container container) in set.Workloads.SelectMany(w => w.Containers.Select(c => (w, c))))
        {
            string[] plain =
                [.. (container.Env ?? []).Select(e => e.Value).Concat(container.Args ?? [])
                    .Concat(container.Command ?? []).OfType<string>()];
            if (plain.Any(p => p.Contains(Overlays.Secret)))
            {
                yield return $"{workload.Name}/{container.Name}: holds a Secret's value";
            }
        }
    }
}
