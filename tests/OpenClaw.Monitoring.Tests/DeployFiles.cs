using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OpenClaw.Monitoring.Tests;

/// <summary>The files under deploy/ that Prometheus and Grafana read.</summary>
internal static partial class DeployFiles
{
    public static string Prometheus { get; } = Path.Combine(Root(), "deploy", "prometheus");

    public static string Grafana { get; } = Path.Combine(Root(), "deploy", "grafana");

    public static string[] RuleFiles { get; } = Directory.GetFiles(Prometheus, "*.rules.yml");

    public static JsonObject Dashboard() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Grafana, "dashboards", "openclaw-edge.json")))!.AsObject();

    /// <summary>All panels that are not rows.</summary>
    public static IEnumerable<JsonObject> Panels() =>
        Dashboard()["panels"]!.AsArray().Select(panel => panel!.AsObject()).Where(panel => (string)panel["type"]! != "row");

    /// <summary>Every PromQL expression of the dashboard, with Grafana's variables filled in.</summary>
    public static IEnumerable<string> DashboardExpressions() => Panels()
        .SelectMany(panel => panel["targets"]!.AsArray())
        .Concat(Dashboard()["annotations"]!["list"]!.AsArray())
        .Select(query => ((string)query!["expr"]!).Replace("$__rate_interval", "5m").Replace("$instance", ".*").Replace("$policy", ".*"));

    /// <summary>Names of all metrics in the dashboard and the rules that a service must export.</summary>
    public static SortedSet<string> ExportedMetricNames() =>
        [.. RuleFiles.Select(File.ReadAllText)
            .Concat(DashboardExpressions())
            .SelectMany(text => MetricName().Matches(LabelList().Replace(text, "")))
            .Select(match => match.Value)];

    /// <summary>Every label that a selector of the dashboard or the rules compares, with its metric.</summary>
    public static IEnumerable<(string Metric, string Label)> SelectedLabels() =>
        from text in RuleFiles.Select(File.ReadAllText).Concat(DashboardExpressions())
        from Match selector in Selector().Matches(text)
        from Match label in ComparedLabel().Matches(selector.Groups["labels"].Value)
        select (selector.Groups["metric"].Value, label.Groups["label"].Value);

    // Recorded names have a colon before or after, and are made by the rules themselves.
    [GeneratedRegex(@"(?<![a-z_:])(openclaw|http|dotnet)_[a-z0-9_]+(?=[{\[)\s])(?!:)")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"(?<![a-z_:])(?<metric>(openclaw|http|dotnet)_[a-z0-9_]+)\{(?<labels>[^}]*)\}")]
    private static partial Regex Selector();

    [GeneratedRegex(@"\b(by|without|on|group_left|group_right)\s*\([^)]*\)")]
    private static partial Regex LabelList();

    [GeneratedRegex(@"(?<label>[a-z_]+)\s*(=~|!=|!~|=)")]
    private static partial Regex ComparedLabel();

    private static string Root()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Directory.Packages.props")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository.");
    }
}
