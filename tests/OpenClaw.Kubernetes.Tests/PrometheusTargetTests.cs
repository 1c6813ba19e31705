using System.Globalization;
using System.Text.RegularExpressions;
using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests;

/// <summary>deploy/prometheus/prometheus.yml finds what the metrics component opens, from the namespace that it opens it to.</summary>
public sealed partial class PrometheusTargetTests(Overlays overlays)
{
    [Fact]
    public async Task Names_AskedByPrometheus_AreTheMetricsServices()
    {
        ManifestSet set = await overlays.RenderAsync("production+metrics");
        string[] asked = [.. Target().Matches(File.ReadAllText(Repository.At("deploy/prometheus/prometheus.yml"))).Select(m => $"{m.Groups[1].Value}:{m.Groups[2].Value}").Order()];
        // Headless, so that the name stands for every pod, and with the namespace, because Prometheus asks from another one.
        string[] rendered = [.. set.All<V1Service>().Where(s => s.Spec.ClusterIP == "None")
            .Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Metadata.Name}.{s.Metadata.NamespaceProperty}.svc:{s.Spec.Ports.Single(p => p.Name == "metrics").Port}")).Order()];
        Assert.Equal(rendered, asked);
        Assert.Equal(2, asked.Length);
    }

    [GeneratedRegex(@"names: \[([^\]]+)\], type: A, port: (\d+)")]
    private static partial Regex Target();
}
