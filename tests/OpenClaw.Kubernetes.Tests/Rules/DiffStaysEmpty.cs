using System.Text.RegularExpressions;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>Nothing is written otherwise than the API server keeps it, so that <c>kubectl diff</c> after an apply is empty: quantities in
/// their canonical form, and no name twice in a list.</summary>
internal sealed partial class DiffStaysEmpty : IManifestRule
{
    public IEnumerable<string> Violations(ManifestSet set)
    {
        foreach ((Workload workload, V1Container container) in set.Workloads.SelectMany(w => w.Containers.Select(c => (w, c))))
        {
            string name = $"{workload.Name}/{container.Name}";
            foreach (string twice in Twice((container.Env ?? []).Select(e => e.Name)))
            {
                yield return $"{name}: sets {twice} twice";
            }

            foreach (string twice in Twice((container.Ports ?? []).Select(p => $"{p.ContainerPort}/{p.Protocol ?? "TCP"}")))
            {
                yield return $"{name}: has port {twice} twice";
            }

            foreach (string twice in Twice((container.VolumeMounts ?? []).Select(m => m.MountPath)))
            {
                yield return $"{name}: mounts {twice} twice";
            }
        }

        // The text, because a quantity that was read forgets how it was written.
        foreach (Match match in Quantity().Matches(set.Text))
        {
            string written = match.Groups["value"].Value, kept = new ResourceQuantity(written).CanonicalizeString();
            if (written != kept)
            {
                yield return $"{match.Groups["name"].Value}: {written} is kept as {kept}";
            }
        }
    }

    private static IEnumerable<string> Twice(IEnumerable<string> names) =>
        names.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key);

    [GeneratedRegex("""^ +(?<name>cpu|memory|storage|sizeLimit): "?(?<value>[0-9.]+[A-Za-z]*)"?$""", RegexOptions.Multiline)]
    private static partial Regex Quantity();
}
