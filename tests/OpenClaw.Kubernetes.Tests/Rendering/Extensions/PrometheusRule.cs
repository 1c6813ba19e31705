namespace OpenClaw.Kubernetes.Tests.Rendering.Extensions;

/// <summary>Rules for the Prometheus operator; a group is what Prometheus' own rule files hold.</summary>
internal sealed class PrometheusRule : ExtensionObject<PrometheusRule.RuleFile>
{
    internal sealed class RuleFile
    {
        public List<Group> Groups { get; set; } = [];
    }

    internal sealed class Group
    {
        public string Name { get; set; } = "";

        public List<Rule> Rules { get; set; } = [];
    }

    internal sealed class Rule
    {
        public string? Record { get; set; }

        public string? Alert { get; set; }

        public string Expr { get; set; } = "";

        public string? For { get; set; }

        public SortedDictionary<string, string> Labels { get; set; } = [];

        public SortedDictionary<string, string> Annotations { get; set; } = [];
    }
}
