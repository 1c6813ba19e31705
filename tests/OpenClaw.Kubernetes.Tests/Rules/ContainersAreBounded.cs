using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>Every container requests and limits processor and memory, the limit not below the request.</summary>
internal sealed class ContainersAreBounded : IManifestRule
{
    public IEnumerable<string> Violations(ManifestSet set)
    {
        foreach ((Workload workload, V1Container container) in set.Workloads.SelectMany(w => w.Containers.Select(c => (w, c))))
        {
            foreach (string resource in (string[])["cpu", "memory"])
            {
                ResourceQuantity? request = Get(container.Resources?.Requests, resource);
                ResourceQuantity? limit = Get(container.Resources?.Limits, resource);
                if (request is null || limit is null)
                {
                    yield return $"{workload.Name}/{container.Name}: no {resource} {(request is null ? "request" : "limit")}";
                }
                else if (limit.ToDecimal() < request.ToDecimal())
                {
                    yield return $"{workload.Name}/{container.Name}: the {resource} limit is below the request";
                }
            }
        }
    }

    private static ResourceQuantity? Get(IDictionary<string, ResourceQuantity>? resources, string name) =>
        resources is not null && resources.TryGetValue(name, out ResourceQuantity? value) ? value : null;
}
