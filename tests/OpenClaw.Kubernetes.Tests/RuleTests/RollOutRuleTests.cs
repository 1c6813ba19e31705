using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.Kubernetes.Tests.Rules;

namespace OpenClaw.Kubernetes.Tests.RuleTests;

/// <summary>Roll-outs, drains and scaling. Each rule fails on a manifest with one error.</summary>
public sealed class RollOutRuleTests(Overlays overlays)
{
    [Theory]
    [InlineData(
        nameof(RollOutsLoseNothing),
        "maxUnavailable: 0",
        "maxUnavailable: 1",
        "Deployment edge: a roll-out takes replicas away before new ones are ready")]
    [InlineData(
        nameof(RollOutsLoseNothing),
        "        lifecycle:\n          preStop:\n            sleep:\n              seconds: 5\n",
        "",
        "Deployment edge: stops before its endpoints are withdrawn")]
    [InlineData(
        nameof(RollOutsLoseNothing),
        "terminationGracePeriodSeconds: 45",
        "terminationGracePeriodSeconds: 30",
        "Deployment edge: is killed before preStop (5 s) and drain (30 s) are over")]
    [InlineData(
        nameof(RollOutsLoseNothing),
        "      serviceAccountName: rating-api\n      terminationGracePeriodSeconds: 45",
        "      serviceAccountName: rating-api\n      terminationGracePeriodSeconds: 35",
        "Deployment rating-api: is killed before preStop (5 s) and drain (30 s) are over")]
    [InlineData(
        nameof(RollOutsLoseNothing),
        "Drain__Delay: \"00:00:05\"",
        "Drain__Delay: \"00:00:30\"",
        "Deployment edge: is killed before preStop (5 s) and drain (55 s) are over")]
    [InlineData(
        nameof(EdgeOutlivesANode),
        "  minReplicas: 3\n",
        "  minReplicas: 2\n",
        "Deployment edge: no autoscaler keeps three replicas")]
    [InlineData(
        nameof(EdgeOutlivesANode),
        "    kind: Deployment\n    name: edge",
        "    kind: Deployment\n    name: rating-api",
        "Deployment edge: no autoscaler keeps three replicas")]
    [InlineData(
        nameof(EdgeOutlivesANode),
        "  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app: edge",
        "  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app: redis",
        "Deployment edge: has no disruption budget")]
    [InlineData(
        nameof(EdgeOutlivesANode),
        "        topologyKey: kubernetes.io/hostname\n",
        "        topologyKey: topology.kubernetes.io/zone\n",
        "Deployment edge: is not spread over kubernetes.io/hostname")]
    [InlineData(
        nameof(EdgeOutlivesANode),
        "        topologyKey: topology.kubernetes.io/zone\n",
        "        topologyKey: kubernetes.io/hostname\n",
        "Deployment edge: is not spread over topology.kubernetes.io/zone")]
    [InlineData(
        nameof(RollOutsLoseNothing),
        "  revisionHistoryLimit: 5\n",
        "  replicas: 3\n",
        "Deployment edge: sets the count that its autoscaler sets")]
    [InlineData(
        nameof(RollOutsLoseNothing),
        "  name: edge\n  namespace: openclaw\nspec:\n  maxUnavailable: 1\n",
        "  name: other\n  namespace: openclaw\nspec:\n  maxUnavailable: 1\n",
        "Deployment edge: has no disruption budget")]
    [InlineData(
        nameof(EdgeOutlivesANode),
        "      stabilizationWindowSeconds: 300\n",
        "",
        "Deployment edge: its autoscaler says no pace for both directions")]
    [InlineData(
        nameof(EdgeOutlivesANode),
        "maxSurge: 25%",
        "maxSurge: 1",
        "Deployment edge: a roll-out takes longer the more replicas there are")]
    public Task Rule_OneThingWrong_NamesIt(string rule, string right, string wrong, string violation) =>
        BrokenManifest.AssertNamedAsync(overlays, rule, right, wrong, violation);
}
