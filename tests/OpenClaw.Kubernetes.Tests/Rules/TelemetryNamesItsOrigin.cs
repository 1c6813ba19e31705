using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>A service's telemetry has the name of its AppHost resource, its pod and its namespace.</summary>
internal sealed class TelemetryNamesItsOrigin : IManifestRule
{
    private static readonly (string Variable, string Field)[] Fields =
        [("OTEL_SERVICE_NAME", "metadata.labels['app']"), ("POD_NAME", "metadata.name"), ("POD_NAMESPACE", "metadata.namespace")];

    private static readonly string[] Attributes =
        ["service.instance.id=$(POD_NAME)", "k8s.pod.name=$(POD_NAME)", "k8s.namespace.name=$(POD_NAMESPACE)"];

    public IEnumerable<string> Violations(ManifestSet set)
    {
        foreach ((Workload workload, V1Container container) in
            set.Workloads.Where(w => w.IsService).SelectMany(w => w.Containers.Select(c => (w, c))))
        {
            List<V1EnvVar> variables = [.. container.Env ?? []];
            foreach ((string name, string field) in Fields)
            {
                if (variables.Find(v => v.Name == name)?.ValueFrom?.FieldRef?.FieldPath != field)
                {
                    yield return $"{workload.Name}/{container.Name}: {name} is not {field}";
                }
            }

            int attributes = variables.FindIndex(v => v.Name == "OTEL_RESOURCE_ATTRIBUTES");
            foreach (string attribute in Attributes.Where(a => attributes < 0 || !variables[attributes].Value.Split(',').Contains(a)))
            {
                yield return $"{workload.Name}/{container.Name}: its telemetry has no {attribute}";
            }

            // The kubelet replaces references to variables that stand before.
            if (attributes >= 0 && variables.FindIndex(v => v.Name is "POD_NAME" or "POD_NAMESPACE") > attributes)
            {
                yield return $"{workload.Name}/{container.Name}: OTEL_RESOURCE_ATTRIBUTES stands before the variables that it names";
            }
        }
    }
}
