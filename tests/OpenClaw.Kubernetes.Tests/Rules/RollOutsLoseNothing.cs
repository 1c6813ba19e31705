using System.Globalization;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>A new replica is ready before an old one is withdrawn, the old one is withdrawn before it stops, and the replica count of an
/// autoscaled workload is set by the autoscaler alone.</summary>
internal sealed class RollOutsLoseNothing : IManifestRule
{
    public IEnumerable<string> Violations(ManifestSet set)
    {
        foreach (V1Deployment deployment in set.All<V1Deployment>())
        {
            string name = $"Deployment {deployment.Metadata.Name}";
            if (deployment.Spec.Strategy?.RollingUpdate?.MaxUnavailable?.Value != "0")
            {
                yield return $"{name}: a roll-out takes replicas away before new ones are ready";
            }

            long sleep = deployment.Spec.Template.Spec.Containers.Max(c => c.Lifecycle?.PreStop?.Sleep?.Seconds ?? 0);
            if (sleep == 0)
            {
                yield return $"{name}: stops before its endpoints are withdrawn";
            }

            TimeSpan drain = Drain(set, deployment);
            if (deployment.Spec.Template.Spec.TerminationGracePeriodSeconds <= sleep + drain.TotalSeconds)
            {
                yield return $"{name}: is killed before preStop ({sleep} s) and drain ({drain.TotalSeconds} s) are over";
            }

            bool autoscaled = set.All<V2HorizontalPodAutoscaler>().Any(a => a.Spec.ScaleTargetRef.Name == deployment.Metadata.Name);
            if (autoscaled && deployment.Spec.Replicas is not null)
            {
                yield return $"{name}: sets the count that its autoscaler sets";
            }

            if (autoscaled && !set.All<V1PodDisruptionBudget>().Any(b => b.Metadata.Name == deployment.Metadata.Name))
            {
                yield return $"{name}: has no disruption budget";
            }
        }
    }

    /// <summary>How long a stopping container may take after SIGTERM. What no setting says is the code's default: 5 s and 25 s at the edge,
    /// and the host's own 30 s elsewhere.</summary>
    private static TimeSpan Drain(ManifestSet set, V1Deployment deployment) => deployment.Spec.Template.Spec.Containers.Max(container =>
    {
        IReadOnlyDictionary<string, string> environment = Workload.Environment(set, container);
        return Setting("Delay", 5) + Setting("Timeout", 25);

        TimeSpan Setting(string name, int seconds) => environment.TryGetValue($"OpenClaw__Edge__Drain__{name}", out string? value)
            ? TimeSpan.Parse(value, CultureInfo.InvariantCulture)
            : TimeSpan.FromSeconds(seconds);
    });
}
