using k8s.Models;
using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.Kubernetes.Tests.Rules;

namespace OpenClaw.Kubernetes.Tests;

/// <summary>Every rule fails on an input that breaks it: production's YAML with one thing wrong.</summary>
public sealed class RuleTests(Overlays overlays)
{
    private static readonly Dictionary<string, IManifestRule> Rules = ManifestRules.All.Append(new EdgeOutlivesANode()).ToDictionary(r => r.GetType().Name);

    [Theory]
    [InlineData(nameof(ContainersAreProbed), "path: /health", "path: /healthz", "edge/edge: readinessProbe asks /healthz, not /health")]
    [InlineData(nameof(ContainersAreProbed), "          httpGet:\n            path: /health\n            port: http\n", "          tcpSocket:\n            port: http\n", "edge/edge: readinessProbe does not ask /health")]
    [InlineData(nameof(ContainersAreProbed), "        livenessProbe:\n          exec:\n            command:\n            - redis-cli\n            - ping\n          failureThreshold: 3\n          periodSeconds: 10\n          timeoutSeconds: 5\n", "", "redis/redis: no livenessProbe")]
    [InlineData(nameof(ContainersAreProbed), "          exec:\n            command:\n            - redis-cli\n            - ping\n", "", "redis/redis: livenessProbe does nothing")]
    [InlineData(nameof(ContainersAreBounded), "            memory: 768Mi\n", "", "redis/redis: no memory limit")]
    [InlineData(nameof(ContainersAreBounded), "            cpu: 250m\n", "", "edge/edge: no cpu request")]
    [InlineData(nameof(ContainersAreBounded), "            cpu: 500m\n", "", "edge/edge: no cpu limit")]
    [InlineData(nameof(ContainersAreBounded), "            memory: 128Mi\n", "", "edge/edge: no memory request")]
    [InlineData(nameof(ContainersAreBounded), "memory: 768Mi", "memory: 128Mi", "redis/redis: the memory limit is below the request")]
    [InlineData(nameof(PodsAreRestricted), "        runAsUser: 999\n", "        runAsUser: 0\n", "redis: may run as root")]
    [InlineData(nameof(PodsAreRestricted), "        runAsNonRoot: true\n", "", "edge: may run as root")]
    [InlineData(nameof(PodsAreRestricted), "          readOnlyRootFilesystem: true\n", "", "edge/edge: its root file system can be written")]
    [InlineData(nameof(PodsAreRestricted), "          allowPrivilegeEscalation: false\n", "", "edge/edge: may gain privileges")]
    [InlineData(nameof(PodsAreRestricted), "            drop:\n            - ALL\n", "            drop:\n            - NET_RAW\n", "edge/edge: keeps capabilities")]
    [InlineData(nameof(PodsAreRestricted), "        seccompProfile:\n          type: RuntimeDefault\n", "", "edge: no seccomp profile")]
    [InlineData(nameof(PodsAreRestricted), "      automountServiceAccountToken: false\n", "", "edge: gets a service account's token")]
    [InlineData(nameof(PodsAreRestricted), "      enableServiceLinks: false\n", "", "edge: service links add variables to its environment")]
    [InlineData(nameof(PodsAreRestricted), "      enableServiceLinks: false\n", "      enableServiceLinks: false\n      hostNetwork: true\n", "edge: reaches into the host")]
    [InlineData(nameof(PodsAreRestricted), "      - emptyDir:\n          sizeLimit: 64Mi\n", "      - hostPath:\n          path: /tmp\n", "edge: reaches into the host")]
    [InlineData(nameof(PodsAreRestricted), "      - emptyDir:\n          sizeLimit: 64Mi\n", "      - nfs:\n          path: /tmp\n          server: disk\n", "edge: reaches into the host")]
    [InlineData(nameof(PodsAreRestricted), "        - containerPort: 8080\n", "        - containerPort: 8080\n          hostPort: 8080\n", "edge/edge: takes a port of the host")]
    [InlineData(nameof(PodsAreRestricted), "          readOnlyRootFilesystem: true\n", "          readOnlyRootFilesystem: true\n          seccompProfile:\n            type: Unconfined\n", "edge/edge: no seccomp profile")]
    [InlineData(nameof(PodsAreRestricted), "          readOnlyRootFilesystem: true\n", "          readOnlyRootFilesystem: true\n          runAsUser: 0\n", "edge/edge: may run as root")]
    [InlineData(nameof(SelectorsMatch), "  selector:\n    app: edge\n", "  selector:\n    app: egde\n", "Service edge: selects no pod")]
    [InlineData(nameof(SelectorsMatch), "    matchLabels:\n      app: redis\n  serviceName: redis", "    matchLabels:\n      app: reddis\n  serviceName: redis", "StatefulSet redis: does not select its own pods")]
    [InlineData(nameof(SelectorsMatch), "serviceName: redis", "serviceName: reddis", "StatefulSet redis: its service reddis does not exist")]
    [InlineData(nameof(SelectorsMatch), "    kind: Deployment\n    name: edge", "    kind: Deployment\n    name: egde", "HorizontalPodAutoscaler edge: scales nothing")]
    [InlineData(nameof(SelectorsMatch), "  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app: edge", "  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app: egde", "PodDisruptionBudget edge: selects no pod")]
    [InlineData(nameof(SelectorsMatch), "  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app: edge", "  maxUnavailable: 1\n  selector:\n    matchExpressions:\n    - key: app\n      operator: In\n      values: [egde]", "PodDisruptionBudget edge: selects no pod")]
    [InlineData(nameof(SelectorsMatch), "  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app: edge", "  maxUnavailable: 1\n  selector:\n    matchExpressions:\n    - key: application\n      operator: Exists", "PodDisruptionBudget edge: selects no pod")]
    [InlineData(nameof(SelectorsMatch), "    - podSelector:\n        matchLabels:\n          app: rating-api", "    - podSelector:\n        matchLabels:\n          app: ratings", "NetworkPolicy edge-to-rating-api: selects no pod")]
    [InlineData(nameof(SelectorsMatch), "      - labelSelector:\n          matchLabels:\n            app: edge", "      - labelSelector:\n          matchLabels:\n            app: egde", "Deployment edge: spreads pods that are not its own")]
    [InlineData(nameof(ReferencesExist), "            name: edge-env\n", "            name: edge-environment\n", "edge/edge: no ConfigMap edge-environment")]
    [InlineData(nameof(ReferencesExist), "              key: REDIS_PASSWORD\n", "              key: REDIS_PASS\n", "redis/redis: no key REDIS_PASS in a Secret redis-secrets")]
    [InlineData(nameof(ReferencesExist), "            secretKeyRef:\n              key: REDIS_PASSWORD\n              name: redis-secrets-", "            configMapKeyRef:\n              key: REDIS_PASSWORD\n              name: redis-config-", "redis/redis: no key REDIS_PASSWORD in a ConfigMap redis-config-")]
    [InlineData(nameof(ReferencesExist), "        - secretRef:\n            name: edge-secrets", "        - secretRef:\n            name: edge-secretz", "edge/edge: no Secret edge-secretz")]
    [InlineData(nameof(ReferencesExist), "      serviceAccountName: edge\n", "      serviceAccountName: default\n", "edge: no ServiceAccount default")]
    [InlineData(nameof(ReferencesExist), "          name: tmp\n      enableServiceLinks", "          name: temp\n      enableServiceLinks", "edge/edge: no volume temp")]
    [InlineData(nameof(ReferencesExist), "            port: http\n", "            port: https\n", "edge/edge: a probe asks port https, which the container does not have")]
    [InlineData(nameof(ReferencesExist), "    targetPort: 8080\n", "    targetPort: 8081\n", "Service edge: no container has port 8081")]
    [InlineData(nameof(ReferencesExist), "  - ports:\n    - port: 8080\n", "  - ports:\n    - port: 9999\n", "NetworkPolicy edge-public: no container has port 9999")]
    [InlineData(nameof(ReferencesExist), "  egress:\n  - ports:\n    - port: 6379\n", "  egress:\n  - ports:\n    - port: 6380\n", "NetworkPolicy edge-to-redis: no container has port 6380")]
    [InlineData(nameof(ReferencesExist), "          name: redis-config-", "          name: redis-conf-", "redis: no ConfigMap redis-conf-")]
    [InlineData(nameof(ReferencesExist), "      - configMap:\n          name: redis-config-", "      - secret:\n          secretName: redis-config-", "redis: no Secret redis-config-")]
    [InlineData(nameof(ImagesArePinned), "library/redis:8.6", "library/redis:latest", "redis: image 'docker.io/library/redis:latest' names no version")]
    [InlineData(nameof(ImagesArePinned), "library/redis:8.6", "library/redis", "redis: image 'docker.io/library/redis' names no version")]
    [InlineData(nameof(SecretsStaySecret), "  HTTP_PORTS: \"8080\"\n", "  REDIS_PASSWORD: \"8080\"\n", "ConfigMap edge-env: REDIS_PASSWORD holds a password")]
    [InlineData(nameof(SecretsStaySecret), "  HTTP_PORTS: \"8080\"\n", "  HTTP_PORTS: " + Overlays.Secret + "\n", "ConfigMap edge-env: HTTP_PORTS holds a Secret's value")]
    [InlineData(nameof(SecretsStaySecret), "--requirepass \"$REDIS_PASSWORD\"", "--requirepass " + Overlays.Secret, "redis/redis: holds a Secret's value")]
    [InlineData(nameof(TrafficIsDenied), "  podSelector: {}\n  policyTypes:\n  - Ingress\n  - Egress\n", "  podSelector: {}\n  policyTypes:\n  - Ingress\n", "no NetworkPolicy denies everything by default")]
    [InlineData(nameof(TrafficIsDenied), "  - from:\n    - podSelector:\n        matchLabels:\n          app: edge\n    ports:\n    - port: 6379", "  - ports:\n    - port: 6379", "NetworkPolicy redis-from-edge: opens redis to everybody")]
    [InlineData(nameof(TrafficIsDenied), "  - from:\n    - podSelector:\n        matchLabels:\n          app: edge\n    ports:\n    - port: 6379", "  - from:\n    - podSelector: {}\n    ports:\n    - port: 6379", "NetworkPolicy redis-from-edge: lets others than the edge in")]
    [InlineData(nameof(TrafficIsDenied), "  - ports:\n    - port: 8080\n", "  - ports:\n    - port: 9090\n", "NetworkPolicy edge-public: opens edge to everybody")]
    [InlineData(nameof(TrafficIsDenied), "    to:\n    - podSelector:\n        matchLabels:\n          app: redis\n", "", "NetworkPolicy edge-to-redis: lets traffic out to anywhere")]
    [InlineData(nameof(TrafficIsDenied), "    to:\n    - podSelector:\n        matchLabels:\n          app: redis\n", "    to:\n    - ipBlock:\n        cidr: 0.0.0.0/0\n", "NetworkPolicy edge-to-redis: lets traffic out to anywhere on 6379")]
    [InlineData(nameof(TrafficIsDenied), "    to:\n    - podSelector:\n        matchLabels:\n          app: redis\n", "    to:\n    - ipBlock:\n        cidr: 0.0.0.0/1\n    - ipBlock:\n        cidr: 128.0.0.0/1\n", "NetworkPolicy edge-to-redis: lets traffic out to anywhere on 6379")]
    [InlineData(nameof(TrafficIsDenied), "    to:\n    - podSelector:\n        matchLabels:\n          app: redis\n", "    to:\n    - ipBlock:\n        cidr: ::/0\n", "NetworkPolicy edge-to-redis: lets traffic out to anywhere on 6379")]
    [InlineData(nameof(TrafficIsDenied), "    to:\n    - podSelector:\n        matchLabels:\n          app: redis\n", "    to:\n    - namespaceSelector: {}\n", "NetworkPolicy edge-to-redis: lets traffic out to anywhere on 6379")]
    [InlineData(nameof(TrafficIsDenied), "  - from:\n    - podSelector:\n        matchLabels:\n          app: edge\n    ports:\n    - port: 6379", "  - from:\n    - namespaceSelector:\n        matchLabels:\n          kubernetes.io/metadata.name: monitoring\n    ports:\n    - port: 6379", "NetworkPolicy redis-from-edge: lets others than the edge in")]
    [InlineData(nameof(NeededTrafficPasses), "    - port: 53\n      protocol: UDP\n", "    - port: 5353\n      protocol: UDP\n", "redis: does not reach DNS (UDP)")]
    [InlineData(nameof(NeededTrafficPasses), "    - port: 53\n      protocol: TCP\n", "    - port: 5353\n      protocol: TCP\n", "edge: does not reach DNS (TCP)")]
    [InlineData(nameof(NeededTrafficPasses), "          k8s-app: kube-dns\n", "          k8s-app: coredns\n", "rating-api: does not reach DNS (UDP)")]
    [InlineData(nameof(NeededTrafficPasses), "          kubernetes.io/metadata.name: kube-system\n", "          kubernetes.io/metadata.name: dns\n", "edge: does not reach DNS (UDP)")]
    [InlineData(nameof(NeededTrafficPasses), "  egress:\n  - ports:\n    - port: 6379\n", "  egress:\n  - ports:\n    - port: 6380\n", "edge: is not let out to redis:6379")]
    [InlineData(nameof(NeededTrafficPasses), "    to:\n    - podSelector:\n        matchLabels:\n          app: redis\n", "    to:\n    - podSelector:\n        matchLabels:\n          app: rating-api\n", "edge: is not let out to redis:6379")]
    [InlineData(nameof(NeededTrafficPasses), "  - from:\n    - podSelector:\n        matchLabels:\n          app: edge\n    ports:\n    - port: 6379", "  - from:\n    - podSelector:\n        matchLabels:\n          app: rating-api\n    ports:\n    - port: 6379", "redis: does not let edge in on 6379")]
    [InlineData(nameof(NeededTrafficPasses), "  - from:\n    - podSelector:\n        matchLabels:\n          app: edge\n    ports:\n    - port: 8080", "  - from:\n    - podSelector:\n        matchLabels:\n          app: edge\n    ports:\n    - port: 8081", "rating-api: does not let edge in on 8080")]
    [InlineData(nameof(NeededTrafficPasses), "  - ports:\n    - port: 8080\n", "  - ports:\n    - port: 9090\n", "edge: is not reached from outside")]
    [InlineData(nameof(NeededTrafficPasses), "  services__rating-api__http__0: http://rating-api:8080\n", "  services__rating-api__http__0: http://rating-api:8081\n", "edge: no Service rating-api with port 8081")]
    [InlineData(nameof(NeededTrafficPasses), "            name: edge-secrets-", "            name: edge-secretz-", "edge: its environment names no Redis or no rating API")]
    [InlineData(nameof(RollOutsLoseNothing), "maxUnavailable: 0", "maxUnavailable: 1", "Deployment edge: a roll-out takes replicas away before new ones are ready")]
    [InlineData(nameof(RollOutsLoseNothing), "        lifecycle:\n          preStop:\n            sleep:\n              seconds: 5\n", "", "Deployment edge: stops before its endpoints are withdrawn")]
    [InlineData(nameof(RollOutsLoseNothing), "terminationGracePeriodSeconds: 45", "terminationGracePeriodSeconds: 30", "Deployment edge: is killed before preStop (5 s) and drain (30 s) are over")]
    [InlineData(nameof(RollOutsLoseNothing), "      serviceAccountName: rating-api\n      terminationGracePeriodSeconds: 45", "      serviceAccountName: rating-api\n      terminationGracePeriodSeconds: 35", "Deployment rating-api: is killed before preStop (5 s) and drain (30 s) are over")]
    [InlineData(nameof(RollOutsLoseNothing), "Drain__Delay: \"00:00:05\"", "Drain__Delay: \"00:00:30\"", "Deployment edge: is killed before preStop (5 s) and drain (55 s) are over")]
    [InlineData(nameof(EdgeOutlivesANode), "  minReplicas: 3\n", "  minReplicas: 2\n", "Deployment edge: no autoscaler keeps three replicas")]
    [InlineData(nameof(EdgeOutlivesANode), "    kind: Deployment\n    name: edge", "    kind: Deployment\n    name: rating-api", "Deployment edge: no autoscaler keeps three replicas")]
    [InlineData(nameof(EdgeOutlivesANode), "  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app: edge", "  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app: redis", "Deployment edge: has no disruption budget")]
    [InlineData(nameof(EdgeOutlivesANode), "        topologyKey: kubernetes.io/hostname\n", "        topologyKey: topology.kubernetes.io/zone\n", "Deployment edge: is not spread over kubernetes.io/hostname")]
    [InlineData(nameof(EdgeOutlivesANode), "        topologyKey: topology.kubernetes.io/zone\n", "        topologyKey: kubernetes.io/hostname\n", "Deployment edge: is not spread over topology.kubernetes.io/zone")]
    [InlineData(nameof(RollOutsLoseNothing), "  revisionHistoryLimit: 5\n", "  replicas: 3\n", "Deployment edge: sets the count that its autoscaler sets")]
    [InlineData(nameof(RollOutsLoseNothing), "kind: PodDisruptionBudget\nmetadata:\n  labels:\n    app.kubernetes.io/part-of: openclaw\n  name: edge", "kind: PodDisruptionBudget\nmetadata:\n  labels:\n    app.kubernetes.io/part-of: openclaw\n  name: other", "Deployment edge: has no disruption budget")]
    [InlineData(nameof(EdgeFitsItsMemory), "  OpenClaw__Edge__Overload__MaxConnections: \"1000\"\n", "", "edge: may need 780 MB, and its memory limit is 256Mi")]
    [InlineData(nameof(EdgeFitsItsMemory), "memory: 256Mi", "memory: 192Mi", "edge: may need 240 MB, and its memory limit is 192Mi")]
    [InlineData(nameof(NamespaceIsSet), "  name: edge-env\n  namespace: openclaw", "  name: edge-env\n  namespace: default", "ConfigMap edge-env: in namespace 'default'")]
    [InlineData(nameof(NamespaceIsSet), "    pod-security.kubernetes.io/enforce: restricted\n", "", "Namespace openclaw: does not enforce restricted pods")]
    public async Task Rule_OneThingWrong_NamesIt(string rule, string right, string wrong, string violation)
    {
        string text = (await overlays.RenderAsync("production")).Text;
        int at = text.IndexOf(right, StringComparison.Ordinal);
        Assert.True(at >= 0, $"production has no «{right}»");
        ManifestSet broken = ManifestSet.Parse(text[..at] + wrong + text[(at + right.Length)..]);
        string[] violations = [.. Rules[rule].Violations(broken)];
        Assert.Contains(violations, v => v.StartsWith(violation, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("production", "dns", "edge: does not reach DNS (UDP)")]
    [InlineData("production", "edge-to-redis", "edge: is not let out to redis:6379")]
    [InlineData("production", "redis-from-edge", "redis: does not let edge in on 6379")]
    [InlineData("production", "edge-to-rating-api", "edge: is not let out to rating-api:8080")]
    [InlineData("production", "rating-api-from-edge", "rating-api: does not let edge in on 8080")]
    [InlineData("production", "edge-public", "edge: is not reached from outside")]
    [InlineData("production+metrics", "metrics", "rating-api: its metrics are not reached from the namespace monitoring")]
    [InlineData("production+telemetry", "telemetry", "edge: does not reach otel-collector.monitoring:4317 in the namespace monitoring")]
    [InlineData("production+external-rating-api", "edge-to-external-rating-api", "edge: does not reach ratings.example.com:443 outside the cluster")]
    [InlineData("managed-redis", "edge-to-redis", "edge: does not reach redis.example.com:6380 outside the cluster")]
    public async Task NeededTraffic_PolicyMissing_NamesIt(string overlay, string policy, string violation)
    {
        ManifestSet set = (await overlays.RenderAsync(overlay)).Without<V1NetworkPolicy>(policy);
        Assert.Contains(violation, new NeededTrafficPasses().Violations(set));
    }

    [Fact]
    public async Task TrafficIsDenied_TheInternetOnAnotherPort_NamesIt()
    {
        ManifestSet set = ManifestSet.Parse((await overlays.RenderAsync("production+external-rating-api")).Text);
        set.All<V1NetworkPolicy>().Single(p => p.Metadata.Name == "edge-to-external-rating-api").Spec.Egress[0].Ports[0].Port = 25;
        Assert.Contains("NetworkPolicy edge-to-external-rating-api: lets traffic out to anywhere on 25", new TrafficIsDenied().Violations(set));
    }

    [Fact]
    public async Task NamespaceIsSet_NoNamespace_NamesIt() => Assert.Contains(
        "0 namespaces instead of one", new NamespaceIsSet().Violations((await overlays.RenderAsync("production")).Without<V1Namespace>("openclaw")));

    [Fact]
    public async Task References_IngressToMissingPort_NamesIt()
    {
        string text = (await overlays.RenderAsync("production+ingress")).Text;
        string broken = text.Replace("              name: http\n", "              name: web\n");
        Assert.NotEqual(text, broken);
        Assert.Contains("Ingress edge: no port web of a Service edge", new ReferencesExist().Violations(ManifestSet.Parse(broken)));
    }
}
