using System.Globalization;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.Kubernetes.Tests.Rendering.Extensions;

namespace OpenClaw.Kubernetes.Tests;

/// <summary>Both ways to watch a cluster, deploy/prometheus and the Prometheus operator, find the same services and use the same alert
/// rules.</summary>
public sealed partial class PrometheusTargetTests(Overlays overlays)
{
    [Fact]
    public async Task Names_AskedByPrometheus_AreTheMetricsServices()
    {
        ManifestSet set = await overlays.RenderAsync("production+metrics");
        string configuration = File.ReadAllText(Repository.At("deploy/prometheus/prometheus.yml"));
        string[] asked = [.. Target().Matches(configuration).Select(m => $"{m.Groups[1].Value}:{m.Groups[2].Value}").Order()];

        // With the namespace, because Prometheus asks from another one.
        string[] rendered =
        [
            .. set.All<V1Service>().Where(s => s.Metadata.Name.EndsWith("-metrics", StringComparison.Ordinal))
                .Select(s => string.Create(
                    CultureInfo.InvariantCulture, $"{s.Metadata.Name}.{s.Metadata.NamespaceProperty}.svc:{s.Spec.Ports.Single().Port}"))
                .Order(),
        ];
        Assert.Equal(rendered, asked);
        Assert.Equal(set.Workloads.Count(w => w.IsService), asked.Length);
    }

    [Fact]
    public async Task Rules_OfTheOperator_AreThoseOfTheRuleFiles()
    {
        ManifestSet set = await overlays.RenderAsync("production+metrics+prometheus-operator");
        PrometheusRule.Group[] files =
        [
            .. Directory.GetFiles(Repository.At("deploy/prometheus"), "*.rules.yml").Order()
                .SelectMany(f => KubernetesYaml.Deserialize<PrometheusRule.RuleFile>(File.ReadAllText(f), strict: true).Groups),
        ];
        Assert.Equal(2, files.Length);
        Assert.Equal(
            files.Select(KubernetesYaml.Serialize), set.All<PrometheusRule>().Single().Spec.Groups.Select(KubernetesYaml.Serialize));
    }

    [GeneratedRegex(@"names: \[([^\]]+)\], type: A, port: (\d+)")]
    private static partial Regex Target();
}
