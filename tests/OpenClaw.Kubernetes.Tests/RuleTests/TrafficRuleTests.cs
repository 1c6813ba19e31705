using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.Kubernetes.Tests.Rules;

namespace OpenClaw.Kubernetes.Tests.RuleTests;

/// <summary>Network policies and routes. Each rule fails on a manifest with one error.</summary>
public sealed class TrafficRuleTests(Overlays overlays)
{
    [Theory]
    [InlineData(
        nameof(TrafficIsDenied),
        "  podSelector: {}\n  policyTypes:\n  - Ingress\n  - Egress\n",
        "  podSelector: {}\n  policyTypes:\n  - Ingress\n",
        "no NetworkPolicy denies everything by default")]
    [InlineData(
        nameof(TrafficIsDenied),
        "  - from:\n    - podSelector:\n        matchLabels:\n          app: edge\n    ports:\n" +
            "    - port: 6379",
        "  - ports:\n    - port: 6379",
        "NetworkPolicy redis-from-edge: opens redis to everybody")]
    [InlineData(
        nameof(TrafficIsDenied),
        "  - from:\n    - podSelector:\n        matchLabels:\n          app: edge\n    ports:\n" +
            "    - port: 6379",
        "  - from:\n    - podSelector: {}\n    ports:\n    - port: 6379",
        "NetworkPolicy redis-from-edge: lets rating-api in to redis on 6379")]
    [InlineData(
        nameof(TrafficIsDenied),
        "  - ports:\n    - port: 8080\n",
        "  - ports:\n    - port: 9090\n",
        "NetworkPolicy edge-public: opens edge to everybody")]
    [InlineData(
        nameof(TrafficIsDenied),
        "    to:\n    - podSelector:\n        matchLabels:\n          app: redis\n",
        "",
        "NetworkPolicy edge-to-redis: lets traffic out to anywhere")]
    [InlineData(
        nameof(TrafficIsDenied),
        "    to:\n    - podSelector:\n        matchLabels:\n          app: redis\n",
        "    to:\n    - ipBlock:\n        cidr: 0.0.0.0/0\n",
        "NetworkPolicy edge-to-redis: lets traffic out to anywhere on 6379")]
    [InlineData(
        nameof(TrafficIsDenied),
        "    to:\n    - podSelector:\n        matchLabels:\n          app: redis\n",
        "    to:\n    - ipBlock:\n        cidr: 0.0.0.0/1\n    - ipBlock:\n        cidr: 128.0.0.0/1\n",
        "NetworkPolicy edge-to-redis: lets traffic out to anywhere on 6379")]
    [InlineData(
        nameof(TrafficIsDenied),
        "    to:\n    - podSelector:\n        matchLabels:\n          app: redis\n",
        "    to:\n    - ipBlock:\n        cidr: ::/0\n",
        "NetworkPolicy edge-to-redis: lets traffic out to anywhere on 6379")]
    [InlineData(
        nameof(TrafficIsDenied),
        "    to:\n    - podSelector:\n        matchLabels:\n          app: redis\n",
        "    to:\n    - namespaceSelector: {}\n",
        "NetworkPolicy edge-to-redis: lets traffic out to anywhere on 6379")]
    [InlineData(
        nameof(TrafficIsDenied),
        "  - from:\n    - podSelector:\n        matchLabels:\n          app: edge\n    ports:\n" +
            "    - port: 6379",
        "  - from:\n    - namespaceSelector:\n        matchLabels:\n" +
            "          kubernetes.io/metadata.name: monitoring\n    ports:\n    - port: 6379",
        "NetworkPolicy redis-from-edge: lets monitoring in")]
    [InlineData(
        nameof(NeededTrafficPasses),
        "    - port: 53\n      protocol: UDP\n",
        "    - port: 5353\n      protocol: UDP\n",
        "redis: does not reach DNS (UDP)")]
    [InlineData(
        nameof(NeededTrafficPasses),
        "    - port: 53\n      protocol: TCP\n",
        "    - port: 5353\n      protocol: TCP\n",
        "edge: does not reach DNS (TCP)")]
    [InlineData(
        nameof(NeededTrafficPasses),
        "          k8s-app: kube-dns\n",
        "          k8s-app: coredns\n",
        "rating-api: does not reach DNS (UDP)")]
    [InlineData(
        nameof(NeededTrafficPasses),
        "          kubernetes.io/metadata.name: kube-system\n",
        "          kubernetes.io/metadata.name: dns\n",
        "edge: does not reach DNS (UDP)")]
    [InlineData(
        nameof(NeededTrafficPasses),
        "  egress:\n  - ports:\n    - port: 6379\n",
        "  egress:\n  - ports:\n    - port: 6380\n",
        "edge: is not let out to redis:6379")]
    [InlineData(
        nameof(NeededTrafficPasses),
        "    to:\n    - podSelector:\n        matchLabels:\n          app: redis\n",
        "    to:\n    - podSelector:\n        matchLabels:\n          app: rating-api\n",
        "edge: is not let out to redis:6379")]
    [InlineData(
        nameof(NeededTrafficPasses),
        "  - from:\n    - podSelector:\n        matchLabels:\n          app: edge\n    ports:\n" +
            "    - port: 6379",
        "  - from:\n    - podSelector:\n        matchLabels:\n          app: rating-api\n    ports:\n" +
            "    - port: 6379",
        "redis: does not let edge in on 6379")]
    [InlineData(
        nameof(NeededTrafficPasses),
        "  - from:\n    - podSelector:\n        matchLabels:\n          app: edge\n    ports:\n" +
            "    - port: 8080",
        "  - from:\n    - podSelector:\n        matchLabels:\n          app: edge\n    ports:\n" +
            "    - port: 8081",
        "rating-api: does not let edge in on 8080")]
    [InlineData(
        nameof(NeededTrafficPasses),
        "  - ports:\n    - port: 8080\n",
        "  - ports:\n    - port: 9090\n",
        "edge: is not reached from outside")]
    [InlineData(
        nameof(NeededTrafficPasses),
        "  services__rating-api__http__0: http://rating-api:8080\n",
        "  services__rating-api__http__0: http://rating-api:8081\n",
        "edge: no Service rating-api with port 8081")]
    [InlineData(
        nameof(NeededTrafficPasses),
        "            name: edge-secrets-",
        "            name: edge-secretz-",
        "edge: its environment names no Redis or no rating API")]
    public Task Rule_OneThingWrong_NamesIt(string rule, string right, string wrong, string violation) =>
        BrokenManifest.AssertNamedAsync(overlays, rule, right, wrong, violation);

    [Theory]
    [InlineData("production", "dns", "edge: does not reach DNS (UDP)")]
    [InlineData("production", "edge-to-redis", "edge: is not let out to redis:6379")]
    [InlineData("production", "redis-from-edge", "redis: does not let edge in on 6379")]
    [InlineData("production", "edge-to-rating-api", "edge: is not let out to rating-api:8080")]
    [InlineData("production", "rating-api-from-edge", "rating-api: does not let edge in on 8080")]
    [InlineData("production", "edge-public", "edge: is not reached from outside")]
    [InlineData("production+gateway", "edge-public", "edge: is not reached from outside")]
    [InlineData("production+metrics", "metrics", "rating-api: its metrics are not reached from the namespace monitoring")]
    [InlineData("production+telemetry", "telemetry", "edge: does not reach otel-collector.monitoring:4317 in the namespace monitoring")]
    [InlineData(
        "production+external-rating-api", "edge-to-external-rating-api",
            "edge: does not reach ratings.example.com:443 outside the cluster")]
    [InlineData("managed-redis", "edge-to-redis", "edge: does not reach redis.example.com:6380 outside the cluster")]
    public async Task NeededTraffic_PolicyMissing_NamesIt(string overlay, string policy, string violation)
    {
        ManifestSet set = (await overlays.RenderAsync(overlay)).Without<V1NetworkPolicy>(policy);
        Assert.Contains(violation, new NeededTrafficPasses().Violations(set));
    }

    [Theory]
    [InlineData("external-rating-api", "    - port: 443\n", "    - port: 25\n", "lets traffic out to anywhere on 25")]
    [InlineData("external-rating-api", "        - 169.254.0.0/16\n", "", "lets traffic out to 169.254.0.0/16")]
    [InlineData("external-rating-api", "        - 10.0.0.0/8\n", "        - 10.0.0.0/16\n", "lets traffic out to 10.0.0.0/8")]
    [InlineData("external-rating-api", "        cidr: 2000::/3\n", "        cidr: ::/0\n", "lets traffic out to ::1/128, ")]
    public Task OutsideTraffic_TooMuch_NamesIt(string component, string right, string wrong, string violation) =>
        BrokenManifest.AssertNamedAsync(
        overlays, nameof(TrafficIsDenied), right, wrong, $"NetworkPolicy edge-to-{component}: {violation}", $"production+{component}");

    [Theory]
    [InlineData("gateway", nameof(EntryIsNarrow), "    - name: edge\n      port: 8080", "    - name: edge-management\n      port: 9090",
        "HTTPRoute edge: leads to edge-management:9090, not to the edge's public port")]
    [InlineData("gateway", nameof(EntryIsNarrow),
        "    - namespaceSelector:\n        matchLabels:\n          kubernetes.io/metadata.name: gateway-system",
        "    - namespaceSelector: {}", "NetworkPolicy edge-public: admits more than the namespace of the proxies in front")]
    [InlineData("ingress", nameof(EntryIsNarrow),
        "  - from:\n    - namespaceSelector:\n        matchLabels:\n          kubernetes.io/metadata.name: ingress-system\n    ports:",
        "  - ports:", "NetworkPolicy edge-public: admits more than the namespace of the proxies in front")]
    [InlineData("ingress", nameof(EntryIsNarrow), "  rules:\n  - host:", "  ingressClassName: nginx\n  rules:\n  - host:",
        "Ingress edge: class nginx is a retired controller's")]
    [InlineData("gateway", nameof(EntryIsNarrow), "  selector:\n    app: rating-api\n  type: ClusterIP",
        "  selector:\n    app: rating-api\n  type: NodePort",
        "Service rating-api: is open to the outside")]
    [InlineData("metrics", nameof(MetricsStayVisible), "  publishNotReadyAddresses: true\n", "",
        "Service console-metrics: does not name every pod, ready or not")]
    [InlineData("metrics", nameof(MetricsStayVisible), "  publishNotReadyAddresses: true\n  selector:\n    app: rating-api",
        "  publishNotReadyAddresses: true\n  selector:\n    app: edge",
        "rating-api: no Service finds its metrics")]
    [InlineData("metrics+prometheus-operator", nameof(MetricsStayVisible),
        "      values:\n      - redis\n    matchLabels:\n      app.kubernetes.io/part-of: openclaw\n---",
            "      values:\n      - edge\n    matchLabels:\n      app.kubernetes.io/part-of: openclaw\n---",
        "edge: no PodMonitor finds its metrics")]
    [InlineData("metrics+prometheus-operator", nameof(MetricsStayVisible), "      targetLabel: service", "      targetLabel: app",
        "PodMonitor openclaw: does not ask /metrics of port management under the label service")]
    public Task Component_OneThingWrong_NamesIt(string component, string rule, string right, string wrong, string violation) =>
        BrokenManifest.AssertNamedAsync(overlays, rule, right, wrong, violation, $"production+{component}");
}
