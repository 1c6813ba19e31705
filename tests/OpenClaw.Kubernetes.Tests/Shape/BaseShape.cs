using System.Text.Json;
using k8s;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Shape;

/// <summary>What a base made by aspirate and one made by eng/aspirate-offline must agree on, and what the overlays build upon.</summary>
internal static class BaseShape
{
    /// <summary>The rules that every base keeps, whichever tool wrote it.</summary>
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

            if (container.EnvFrom?.SingleOrDefault()?.ConfigMapRef?.Name != $"{workload.Name}-env" ||
                !set.Has<V1ConfigMap>($"{workload.Name}-env"))
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

    /// <summary>A base in lines, one for each value in it, whatever the order and the style they are written in.</summary>
    public static string[] Describe(ManifestSet set) =>
    [
        .. set.Objects
            .SelectMany(o =>
                Lines($"{o.Kind} {o.Metadata.NamespaceProperty}/{o.Metadata.Name}",
                    JsonDocument.Parse(KubernetesJson.Serialize(o)).RootElement))
            .Where(line => !Defaults.Any(line.EndsWith)).Order(StringComparer.Ordinal),
    ];

    // What the API server takes for granted may be written or not.
    private static readonly string[] Defaults = ["/protocol: TCP"];

    private static IEnumerable<string> Lines(string path, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(p => Lines($"{path}/{p.Name}", p.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany((item, i) => Lines($"{path}/{Key(item) ?? $"{i}"}", item)),
        _ => [$"{path}: {value}"],
    };

    // Order matters where items have no names: in commands and arguments.
    private static string? Key(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty("name", out JsonElement name) ? name.GetString() : null;
}
