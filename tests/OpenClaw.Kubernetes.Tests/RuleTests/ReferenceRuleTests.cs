using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.Kubernetes.Tests.Rules;

namespace OpenClaw.Kubernetes.Tests.RuleTests;

/// <summary>References between objects, and their names. Each rule fails on a manifest with one error.</summary>
public sealed class ReferenceRuleTests(Overlays overlays)
{
    [Theory]
    [InlineData(nameof(SelectorsMatch), "  selector:\n    app: edge\n", "  selector:\n    app: egde\n", "Service edge: selects no pod")]
    [InlineData(
        nameof(SelectorsMatch),
        "    matchLabels:\n      app: redis\n  serviceName: redis",
        "    matchLabels:\n      app: reddis\n  serviceName: redis",
        "StatefulSet redis: does not select its own pods")]
    [InlineData(
        nameof(SelectorsMatch),
        "serviceName: redis-nodes",
        "serviceName: reddis",
        "StatefulSet redis: its service reddis does not exist")]
    [InlineData(
        nameof(SelectorsMatch),
        "    kind: Deployment\n    name: edge",
        "    kind: Deployment\n    name: egde",
        "HorizontalPodAutoscaler edge: scales nothing")]
    [InlineData(
        nameof(SelectorsMatch),
        "  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app: edge",
        "  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app: egde",
        "PodDisruptionBudget edge: selects no pod")]
    [InlineData(
        nameof(SelectorsMatch),
        "  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app: edge",
        "  maxUnavailable: 1\n  selector:\n    matchExpressions:\n    - key: app\n      operator: In\n" +
            "      values: [egde]",
        "PodDisruptionBudget edge: selects no pod")]
    [InlineData(
        nameof(SelectorsMatch),
        "  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app: edge",
        "  maxUnavailable: 1\n  selector:\n    matchExpressions:\n    - key: application\n" +
            "      operator: Exists",
        "PodDisruptionBudget edge: selects no pod")]
    [InlineData(
        nameof(SelectorsMatch),
        "    - podSelector:\n        matchLabels:\n          app: rating-api",
        "    - podSelector:\n        matchLabels:\n          app: ratings",
        "NetworkPolicy edge-to-rating-api: selects no pod")]
    [InlineData(
        nameof(SelectorsMatch),
        "      - labelSelector:\n          matchLabels:\n            app: edge",
        "      - labelSelector:\n          matchLabels:\n            app: egde",
        "Deployment edge: spreads pods that are not its own")]
    [InlineData(
        nameof(ReferencesExist),
        "            name: edge-env\n",
        "            name: edge-environment\n",
        "edge/edge: no ConfigMap edge-environment")]
    [InlineData(
        nameof(ReferencesExist),
        "            fieldRef:\n              fieldPath: metadata.name\n",
        "            secretKeyRef:\n              key: NAME\n              name: redis-secrets\n",
        "edge/edge: no key NAME in a Secret redis-secrets")]
    [InlineData(
        nameof(ReferencesExist),
        "            fieldRef:\n              fieldPath: metadata.name\n",
        "            configMapKeyRef:\n              key: NAME\n              name: edge-env\n",
        "edge/edge: no key NAME in a ConfigMap edge-env")]
    [InlineData(
        nameof(ReferencesExist),
        "        - secretRef:\n            name: edge-secrets",
        "        - secretRef:\n            name: edge-secretz",
        "edge/edge: no Secret edge-secretz")]
    [InlineData(
        nameof(ReferencesExist),
        "      serviceAccountName: edge\n",
        "      serviceAccountName: default\n",
        "edge: no ServiceAccount default")]
    [InlineData(
        nameof(ReferencesExist),
        "          name: tmp\n      enableServiceLinks",
        "          name: temp\n      enableServiceLinks",
        "edge/edge: no volume temp")]
    [InlineData(
        nameof(ReferencesExist),
        "            port: management\n",
        "            port: https\n",
        "edge/edge: a probe asks port https, which the container does not have")]
    [InlineData(nameof(ReferencesExist), "    targetPort: 8080\n", "    targetPort: 8081\n", "Service edge: no container has port 8081")]
    [InlineData(
        nameof(ReferencesExist),
        "  - ports:\n    - port: 8080\n",
        "  - ports:\n    - port: 9999\n",
        "NetworkPolicy edge-public: no container has port 9999")]
    [InlineData(
        nameof(ReferencesExist),
        "  egress:\n  - ports:\n    - port: 6379\n",
        "  egress:\n  - ports:\n    - port: 6380\n",
        "NetworkPolicy edge-to-redis: no container has port 6380")]
    [InlineData(nameof(ReferencesExist), "          name: redis-config-", "          name: redis-conf-", "redis: no ConfigMap redis-conf-")]
    [InlineData(
        nameof(ReferencesExist),
        "      - configMap:\n          name: redis-config-",
        "      - secret:\n          secretName: redis-config-",
        "redis: no Secret redis-config-")]
    [InlineData(
        nameof(SecretsStaySecret),
        "  HTTP_PORTS: \"8080\"\n",
        "  REDIS_PASSWORD: \"8080\"\n",
        "ConfigMap edge-env: REDIS_PASSWORD holds a password")]
    [InlineData(
        nameof(SecretsStaySecret),
        "  HTTP_PORTS: \"8080\"\n",
        "  HTTP_PORTS: " + Overlays.Secret + "\n",
        "ConfigMap edge-env: HTTP_PORTS holds a Secret's value")]
    [InlineData(
        nameof(SecretsStaySecret),
        "- /etc/redis/start.sh",
        "- " + Overlays.Secret,
        "redis/redis: holds a Secret's value")]
    [InlineData(
        nameof(NamespaceIsSet),
        "  name: edge-env\n  namespace: openclaw",
        "  name: edge-env\n  namespace: default",
        "ConfigMap edge-env: in namespace 'default'")]
    [InlineData(nameof(NamespaceIsSet), "apiVersion: v1\n",
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: openclaw\n---\napiVersion: v1\n",
        "Namespace openclaw: would be deleted with the overlay")]
    [InlineData(nameof(NamespaceIsSet), "  serviceName: redis-nodes\n",
        "  serviceName: redis-nodes\n  persistentVolumeClaimRetentionPolicy:\n    whenDeleted: Delete\n",
        "StatefulSet redis: its claims are deleted with it")]
    [InlineData(
        nameof(SelectorsMatch),
        "  serviceName: redis-nodes",
        "  serviceName: redis",
        "StatefulSet redis: its service redis is not headless")]
    [InlineData(
        nameof(ObjectsAreLabelled),
        "    app.kubernetes.io/component: edge\n",
        "",
        "ServiceAccount edge: no label app.kubernetes.io/component")]
    [InlineData(
        nameof(ObjectsAreLabelled),
        "        app.kubernetes.io/version: 1.0.0\n",
        "",
        "pods of Deployment edge: no label app.kubernetes.io/version")]
    [InlineData(nameof(ObjectsAreLabelled), "      app: edge\n  strategy:",
        "      app: edge\n      app.kubernetes.io/name: edge\n  strategy:",
        "Deployment edge: its selector is not app alone")]
    [InlineData(nameof(ObjectsAreLabelled), "  - metadata:\n      name: redis-data",
        "  - metadata:\n      labels: {a: b}\n      name: redis-data",
        "StatefulSet redis: its claims are labelled")]
    public Task Rule_OneThingWrong_NamesIt(string rule, string right, string wrong, string violation) =>
        BrokenManifest.AssertNamedAsync(overlays, rule, right, wrong, violation);

    [Theory]
    [InlineData(
        "ingress",
        nameof(ReferencesExist),
        "              name: http\n",
        "              name: web\n",
        "Ingress edge: no port web of a Service edge")]
    [InlineData(
        "priority",
        nameof(ReferencesExist),
        "priorityClassName: openclaw-edge",
        "priorityClassName: high",
        "edge: no PriorityClass high")]
    [InlineData("redis-tls", nameof(ReferencesExist), "secretName: redis-tls", "secretName: redis-cert", "edge: no Secret redis-cert")]
    [InlineData("metrics+prometheus-operator", nameof(ReferencesExist), "    port: management\n    relabelings",
        "    port: metrics\n    relabelings",
        "PodMonitor openclaw: edge has no port metrics")]
    public Task Component_OneThingWrong_NamesIt(string component, string rule, string right, string wrong, string violation) =>
        BrokenManifest.AssertNamedAsync(overlays, rule, right, wrong, violation, $"production+{component}");
}
