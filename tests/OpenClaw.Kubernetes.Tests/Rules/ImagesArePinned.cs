using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>Every image names a version: a digest, or a tag other than <c>latest</c>. The store's label says the version that its image
/// has.</summary>
internal sealed class ImagesArePinned : IManifestRule
{
    public IEnumerable<string> Violations(ManifestSet set)
    {
        foreach ((Workload workload, string image) in set.Workloads.SelectMany(w => w.Containers.Select(c => (w, c.Image))))
        {
            string name = image[(image.LastIndexOf('/') + 1)..];
            string? version = workload.Labels.TryGetValue(ObjectsAreLabelled.Version, out string? label) ? label : null;
            if (!image.Contains('@') && (!name.Contains(':') || name.EndsWith(":latest")))
            {
                yield return $"{workload.Name}: image '{image}' names no version";
            }
            else if (workload.Name == "redis" && !name.Contains($":{version}@") &&
                !name.EndsWith($":{version}", StringComparison.Ordinal))
            {
                yield return $"{workload.Name}: its label says another version than image '{image}'";
            }
        }
    }
}
