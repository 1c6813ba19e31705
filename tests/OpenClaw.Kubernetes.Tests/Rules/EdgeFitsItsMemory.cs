using System.Globalization;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>The memory that clients can make the edge use, with connections and tables full, is within its memory limit; otherwise they
/// could have it killed.</summary>
internal sealed class EdgeFitsItsMemory : IManifestRule
{
    // Resident under load, docs/how-to/plan-capacity.md. What a connection takes that sends 15 kB of a head, and then nothing; what an
    // entry of the tables takes: docs/reference/configuration.md.
    private const long Resident = 120 * 1024 * 1024;
    private const long PerConnection = 60_000;
    private const long PerDenial = 200;
    private const long PerLocalPartition = 350;

    public IEnumerable<string> Violations(ManifestSet set)
    {
        foreach (V1Container edge in set.Workloads.Where(w => w.Name == "edge").SelectMany(w => w.Containers))
        {
            IReadOnlyDictionary<string, string> environment = Workload.Environment(set, edge);
            long needed = Resident + (PerConnection * Setting("Overload__MaxConnections", 10_000)) +
                (PerDenial * Setting("Limiter__DenyCacheEntries", 100_000)) + (
                    PerLocalPartition * Setting("Limiter__MaxLocalPartitions", 100_000));
            if (edge.Resources?.Limits?.TryGetValue("memory", out ResourceQuantity? limit) == true && limit.ToDecimal() < needed)
            {
                yield return $"edge: may need {needed / 1_000_000} MB, and its memory limit is {limit}";
            }

            // A setting that is missing has the code's default.
            long Setting(string name, long otherwise) =>
                environment.TryGetValue($"OpenClaw__Edge__{name}", out string? value) ? long.Parse(value, CultureInfo.InvariantCulture)
                    : otherwise;
        }
    }
}
