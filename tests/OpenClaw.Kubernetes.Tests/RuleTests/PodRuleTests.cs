using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.Kubernetes.Tests.Rules;

namespace OpenClaw.Kubernetes.Tests.RuleTests;

/// <summary>Rights, resources and probes of pods. Each rule fails on a manifest with one error.</summary>
public sealed class PodRuleTests(Overlays overlays)
{
    private const string Redis = "library/redis:8.6.4@sha256:a051e4f48a5d0ceda6554974f3ad0f5369f4479197f36829332c1325cecad2b7";

    [Theory]
    [InlineData(nameof(ContainersAreProbed), "path: /health", "path: /healthz", "edge/edge: readinessProbe asks /healthz, not /health")]
    [InlineData(
        nameof(ContainersAreProbed),
        "          httpGet:\n            path: /health\n            port: management\n",
        "          tcpSocket:\n            port: http\n",
        "edge/edge: readinessProbe does not ask /health")]
    [InlineData(
        nameof(ContainersAreProbed),
        "        livenessProbe:\n          exec:\n            command:\n            - /bin/sh\n            - /etc/redis/probe.sh\n" +
            "            - alive\n          failureThreshold: 3\n          periodSeconds: 10\n          timeoutSeconds: 5\n",
        "",
        "redis/redis: no livenessProbe")]
    [InlineData(
        nameof(ContainersAreProbed),
        "          exec:\n            command:\n            - /bin/sh\n            - /etc/redis/probe.sh\n            - alive\n",
        "",
        "redis/redis: livenessProbe does nothing")]
    [InlineData(nameof(ContainersAreBounded), "            memory: 768Mi\n", "", "redis/redis: no memory limit")]
    [InlineData(nameof(ContainersAreBounded), "            cpu: 250m\n", "", "edge/edge: no cpu request")]
    [InlineData(nameof(ContainersAreBounded), "            cpu: 500m\n", "", "edge/edge: no cpu limit")]
    [InlineData(nameof(ContainersAreBounded), "            memory: 128Mi\n", "", "edge/edge: no memory request")]
    [InlineData(nameof(ContainersAreBounded), "memory: 768Mi", "memory: 128Mi", "redis/redis: the memory limit is below the request")]
    [InlineData(nameof(PodsAreRestricted), "        runAsUser: 999\n", "        runAsUser: 0\n", "redis: may run as root")]
    [InlineData(nameof(PodsAreRestricted), "        runAsNonRoot: true\n", "", "edge: may run as root")]
    [InlineData(
        nameof(PodsAreRestricted),
        "          readOnlyRootFilesystem: true\n",
        "",
        "edge/edge: its root file system can be written")]
    [InlineData(nameof(PodsAreRestricted), "          allowPrivilegeEscalation: false\n", "", "edge/edge: may gain privileges")]
    [InlineData(
        nameof(PodsAreRestricted),
        "            drop:\n            - ALL\n",
        "            drop:\n            - NET_RAW\n",
        "edge/edge: keeps capabilities")]
    [InlineData(nameof(PodsAreRestricted), "        seccompProfile:\n          type: RuntimeDefault\n", "", "edge: no seccomp profile")]
    [InlineData(nameof(PodsAreRestricted), "      automountServiceAccountToken: false\n", "", "edge: gets a service account's token")]
    [InlineData(nameof(PodsAreRestricted), "      enableServiceLinks: false\n", "", "edge: service links add variables to its environment")]
    [InlineData(
        nameof(PodsAreRestricted),
        "      enableServiceLinks: false\n",
        "      enableServiceLinks: false\n      hostNetwork: true\n",
        "edge: reaches into the host")]
    [InlineData(
        nameof(PodsAreRestricted),
        "      - emptyDir:\n          sizeLimit: 64Mi\n",
        "      - hostPath:\n          path: /tmp\n",
        "edge: reaches into the host")]
    [InlineData(
        nameof(PodsAreRestricted),
        "      - emptyDir:\n          sizeLimit: 64Mi\n",
        "      - nfs:\n          path: /tmp\n          server: disk\n",
        "edge: reaches into the host")]
    [InlineData(
        nameof(PodsAreRestricted),
        "        - containerPort: 8080\n",
        "        - containerPort: 8080\n          hostPort: 8080\n",
        "edge/edge: takes a port of the host")]
    [InlineData(
        nameof(PodsAreRestricted),
        "          readOnlyRootFilesystem: true\n",
        "          readOnlyRootFilesystem: true\n          seccompProfile:\n            type: Unconfined\n",
        "edge/edge: no seccomp profile")]
    [InlineData(
        nameof(PodsAreRestricted),
        "          readOnlyRootFilesystem: true\n",
        "          readOnlyRootFilesystem: true\n          runAsUser: 0\n",
        "edge/edge: may run as root")]
    [InlineData(
        nameof(ImagesArePinned),
        Redis,
        "library/redis:latest",
        "redis: image 'docker.io/library/redis:latest' names no version")]
    [InlineData(nameof(ImagesArePinned), Redis, "library/redis", "redis: image 'docker.io/library/redis' names no version")]
    [InlineData(
        nameof(EdgeFitsItsMemory),
        "  OpenClaw__Edge__Overload__MaxConnections: \"1000\"\n",
        "",
        "edge: may need 780 MB, and its memory limit is 384Mi")]
    [InlineData(nameof(EdgeFitsItsMemory), "memory: 384Mi", "memory: 192Mi", "edge: may need 240 MB, and its memory limit is 192Mi")]
    [InlineData(
        nameof(ContainersAreProbed), "path: /alive\n            port: management", "path: /alive\n            port: http",
        "edge/edge: livenessProbe asks port http, not management")]
    [InlineData(nameof(ImagesArePinned), "redis:8.6.4@", "redis:8.4.0@", "redis: its label says another version than image")]
    [InlineData(
        nameof(TelemetryNamesItsOrigin),
        "metadata.labels['app']",
        "metadata.name",
        "edge/edge: OTEL_SERVICE_NAME is not metadata.labels['app']")]
    [InlineData(
        nameof(TelemetryNamesItsOrigin),
        "fieldPath: metadata.namespace",
        "fieldPath: spec.nodeName",
        "edge/edge: POD_NAMESPACE is not metadata.namespace")]
    [InlineData(
        nameof(TelemetryNamesItsOrigin),
        ",k8s.pod.name=$(POD_NAME)",
        "",
        "edge/edge: its telemetry has no k8s.pod.name=$(POD_NAME)")]
    [InlineData(nameof(DiffStaysEmpty), "cpu: 500m", "cpu: 1000m", "cpu: 1000m is kept as 1")]
    [InlineData(nameof(DiffStaysEmpty), "sizeLimit: 64Mi", "sizeLimit: 1024Ki", "sizeLimit: 1024Ki is kept as 1Mi")]
    [InlineData(nameof(DiffStaysEmpty), "- name: POD_NAMESPACE", "- name: POD_NAME", "edge/edge: sets POD_NAME twice")]
    [InlineData(nameof(DiffStaysEmpty), "- containerPort: 9090", "- containerPort: 8080", "edge/edge: has port 8080/TCP twice")]
    [InlineData(nameof(DiffStaysEmpty), "mountPath: /etc/redis\n", "mountPath: /data\n", "redis/redis: mounts /data twice")]
    public Task Rule_OneThingWrong_NamesIt(string rule, string right, string wrong, string violation) =>
        BrokenManifest.AssertNamedAsync(overlays, rule, right, wrong, violation);
}
