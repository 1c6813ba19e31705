using k8s.Models;

namespace OpenClaw.Kubernetes.Tests.Rendering.Extensions;

/// <summary>Pods that the Prometheus operator scrapes.</summary>
internal sealed class PodMonitor : ExtensionObject<PodMonitor.PodMonitorSpec>
{
    internal sealed class PodMonitorSpec
    {
        public V1LabelSelector Selector { get; set; } = new();

        public List<Endpoint> PodMetricsEndpoints { get; set; } = [];
    }

    internal sealed class Endpoint
    {
        public string Port { get; set; } = "";

        public string? Path { get; set; }

        public string? Interval { get; set; }

        public List<Relabeling> Relabelings { get; set; } = [];
    }

    internal sealed class Relabeling
    {
        public List<string> SourceLabels { get; set; } = [];

        public string TargetLabel { get; set; } = "";

        public string? Replacement { get; set; }
    }
}
