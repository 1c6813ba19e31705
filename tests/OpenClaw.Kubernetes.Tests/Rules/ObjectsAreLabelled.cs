using k8s;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>Every object and every pod has the labels that Kubernetes recommends. Selectors and claims have none of them: neither can be
/// changed after the first deployment.</summary>
internal sealed class ObjectsAreLabelled : IManifestRule
{
    public const string Version = Prefix + "version";
    private const string Prefix = "app.kubernetes.io/";
    private static readonly string[] Names = ["name", "component", "part-of", "managed-by", "version"];

    public IEnumerable<string> Violations(ManifestSet set) =>
    [
        // A Secret's content is the operator's, whatever the version.
        .. set.Objects.SelectMany(o => Missing($"{o.Kind} {o.Metadata.Name}", o.Metadata, o is V1Secret ? Names[..^1] : Names)),
        .. set.Workloads.SelectMany(w => Missing($"pods of {w.Kind} {w.Name}", w.Template.Metadata, Names)),
        .. set.Workloads.Where(w => w.Selector.MatchLabels?.Keys.SequenceEqual(["app"]) != true)
            .Select(w => $"{w.Kind} {w.Name}: its selector is not app alone"),
        .. set.All<V1Service>().Where(s => !s.Spec.Selector.Keys.SequenceEqual(["app"]))
            .Select(s => $"Service {s.Metadata.Name}: its selector is not app alone"),
        .. set.All<V1StatefulSet>()
            .Where(s => s.Spec.VolumeClaimTemplates?.Any(c => c.Metadata.Labels is { Count: > 0 }) == true)
            .Select(s => $"StatefulSet {s.Metadata.Name}: its claims are labelled, which an API server refuses to change"),
    ];

    private static IEnumerable<string> Missing(string what, V1ObjectMeta metadata, IEnumerable<string> names) =>
        names.Where(n => metadata.Labels?.ContainsKey(Prefix + n) != true).Select(n => $"{what}: no label {Prefix}{n}");
}
