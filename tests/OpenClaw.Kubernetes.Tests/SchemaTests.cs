using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.Kubernetes.Tests.Schema;

namespace OpenClaw.Kubernetes.Tests;

/// <summary>What a strict API server would refuse is refused here: by the typed client (unknown fields, wrong types, unknown kinds) or by
/// the
/// OpenAPI schemas (missing fields, formats).</summary>
public sealed class SchemaTests(Overlays overlays)
{
    // With every kind that is no part of Kubernetes.
    private const string Extended = "production+gateway+metrics+prometheus-operator+redis-tls+redis-tls-cert-manager";

    [Fact]
    public async Task Overlays_Rendered_MeetTheSchemas()
    {
        Dictionary<string, string> rendered = [];
        foreach (string name in Overlays.Names.Select(row => row.Data).Append("base"))
        {
            // Rendering parses strictly.
            rendered[name] = (await overlays.RenderAsync(name)).Text;
        }

        Dictionary<string, string[]> errors = await SchemaValidator.ErrorsAsync(rendered);
        Assert.Equal(rendered.Count, errors.Count);
        Assert.Empty(errors.SelectMany(e => e.Value.Select(message => $"{e.Key}: {message}")));
    }

    [Theory]
    [InlineData("readinessProbe:", "readynessProbe:", "readynessProbe")]
    [InlineData("  minReadySeconds: 5\n", "  minReadySeconds: soon\n", "soon")]
    [InlineData("kind: PodDisruptionBudget", "kind: PodDisruptionBudgets", "policy/v1/PodDisruptionBudgets")]
    [InlineData("apiVersion: autoscaling/v2", "apiVersion: autoscaling/v2beta9", "autoscaling/v2beta9")]
    [InlineData("  parentRefs:", "  parents:", "parents")]
    [InlineData("  podMetricsEndpoints:", "  podMetricEndpoints:", "podMetricEndpoints")]
    [InlineData("      expr: absent", "      expression: absent", "expression")]
    [InlineData("    rotationPolicy:", "    rotation:", "rotation")]
    public async Task Strict_OneThingWrong_Throws(string right, string wrong, string named)
    {
        string text = (await overlays.RenderAsync(Extended)).Text;
        Assert.Contains(right, text);
        Exception error = Assert.ThrowsAny<Exception>(() => ManifestSet.Parse(text.Replace(right, wrong)));
        Assert.Contains(named, $"{error.Message} {error.InnerException?.Message}");
    }

    [Fact]
    public async Task Schemas_OneThingWrong_NameIt()
    {
        (string Right, string Wrong, string Error)[] cases =
        [
            ("  selector:\n    matchLabels:\n      app: edge\n  strategy:", "  strategy:",
                "Deployment edge: /spec must have required property selector"),
            ("        name: edge\n        ports:", "        ports:",
                "Deployment edge: /spec/template/spec/containers/0 must have required property name"),
            ("    port: 8080\n    targetPort", "    targetPort", "Service console: /spec/ports/0 must have required property port"),
            ("  maxReplicas: 12\n", "", "HorizontalPodAutoscaler edge: /spec must have required property maxReplicas"),
            ("  minReadySeconds: 5\n", "  minReadySeconds: 5.5\n", "Deployment edge: /spec/minReadySeconds must be integer"),
            ("apiVersion: policy/v1", "apiVersion: policy/v7", "PodDisruptionBudget edge: unknown apiVersion policy/v7"),
            ("  parentRefs:\n  - name: public\n", "  parentRefs:\n  - group: a\n",
                "HTTPRoute edge: /spec/parentRefs/0 must have required property name"),
            ("  - interval: 15s\n", "  - interval: 15\n", "PodMonitor openclaw: /spec/podMetricsEndpoints/0/interval must be string"),
            ("    - alert: OpenClawTargetDown\n      annotations:", "    - alert: 7\n      annotations:",
                "PrometheusRule openclaw: /spec/groups/0/rules/0/alert must be string"),
            ("  issuerRef:\n    kind: Issuer\n    name: redis-self-signed\n", "",
                "Certificate redis-authority: /spec must have required property issuerRef"),
            ("kind: StatefulSet", "kind: StatefulSets", "StatefulSets console: no kind StatefulSets in apps/v1"),
        ];
        string text = (await overlays.RenderAsync(Extended)).Text;
        Dictionary<string, string> broken = cases.ToDictionary(c => c.Error, c => ReplaceFirst(text, c.Right, c.Wrong));
        foreach ((string expected, string[] errors) in await SchemaValidator.ErrorsAsync(broken))
        {
            Assert.Contains(expected, errors);
        }
    }

    private static string ReplaceFirst(string text, string right, string wrong)
    {
        int at = text.IndexOf(right, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{Extended} has no «{right}»");
        return text[..at] + wrong + text[(at + right.Length)..];
    }
}
