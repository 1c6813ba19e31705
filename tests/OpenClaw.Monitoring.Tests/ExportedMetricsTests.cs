using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace OpenClaw.Monitoring.Tests;

/// <summary>Tests that a running edge and a running notifier export every metric that the rules and the dashboard query.</summary>
public sealed partial class ExportedMetricsTests(MonitoredEdge edge, MonitoredNotifier notifier)
    : IClassFixture<MonitoredEdge>, IClassFixture<MonitoredNotifier>
{
    /// <summary>Labels that a scrape configuration adds.</summary>
    private static readonly string[] LabelsOfTheScrape = ["instance", "service", "job"];

    [Fact]
    public async Task Scrape_AfterTraffic_HasEveryMetricNamedInRulesAndDashboard()
    {
        Assert.Contains(HttpStatusCode.OK, edge.Answers);
        Assert.Contains(HttpStatusCode.TooManyRequests, edge.Answers);

        string metrics = await ScrapeAllAsync();

        string[] exported = [.. SampleName().Matches(metrics).Select(match => match.Value).Distinct()];
        Assert.NotEmpty(DeployFiles.ExportedMetricNames());
        Assert.Empty(DeployFiles.ExportedMetricNames().Except(exported));
    }

    [Fact]
    public async Task Scrape_AfterTraffic_HasEveryLabelSelectedInRulesAndDashboard()
    {
        string metrics = await ScrapeAllAsync();

        foreach ((string metric, string label) in DeployFiles.SelectedLabels()
            .Where(selected => !LabelsOfTheScrape.Contains(selected.Label)))
        {
            Assert.True(
                Regex.IsMatch(metrics, $@"^{metric}\{{([^}}]*,)?{label}=", RegexOptions.Multiline), $"{metric} has no label {label}");
        }
    }

    [Theory]
    [InlineData("openclaw_ratelimit_decisions_total", "result=\"allowed\"", "source=\"store\"")]
    [InlineData("openclaw_ratelimit_decisions_total", "result=\"denied\"")]
    public async Task Scrape_AfterTraffic_CountsDecisionsByResultAndSource(string metric, params string[] labels)
    {
        string metrics = await edge.ScrapeAsync();

        Assert.Contains(metrics.Split('\n'), line => line.StartsWith(metric, StringComparison.Ordinal)
            && labels.All(line.Contains)
            && !line.EndsWith(" 0", StringComparison.Ordinal));
    }

    /// <summary>A counter that first appears with a count has no increase: an alert on it would miss the first event.</summary>
    [Theory]
    [InlineData("openclaw_edge_rules_changes_total", "result=\"refused\"")]
    [InlineData("openclaw_edge_shed_requests_total", "result=\"edge_full\"")]
    [InlineData("openclaw_edge_shed_requests_total", "result=\"address_full\"")]
    [InlineData("openclaw_edge_shed_connections_total", "")]
    [InlineData("openclaw_ratelimit_store_failures_total", "result=")]
    [InlineData("openclaw_edge_events_total", "result=\"dropped\"")]
    [InlineData("openclaw_edge_usage_dropped_total", "")]
    [InlineData("openclaw_notifier_dead_letters_total", "channel=\"webhook\"")]
    [InlineData("openclaw_notifier_dead_letters_total", "channel=\"email\"")]
    public async Task Scrape_NothingWrongYet_HasTheAlertingCountersAtZero(string metric, string label)
    {
        string metrics = await ScrapeAllAsync();

        Assert.Contains(metrics.Split('\n'), line =>
            line.StartsWith(metric, StringComparison.Ordinal) && line.Contains(label) && Regex.IsMatch(line, @" 0( \d+)?$"));
    }

    [Fact]
    public async Task Scrape_AnyTime_NamesNoClient()
    {
        string metrics = await edge.ScrapeAsync();

        Assert.DoesNotContain("test-key", metrics);
        Assert.DoesNotContain("client=", metrics);
    }

    [Fact]
    public async Task Scrape_OnThePublicPort_IsNotFound()
    {
        using HttpClient client = new() { BaseAddress = edge.PublicAddress };

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/metrics")).StatusCode);
    }

    private async Task<string> ScrapeAllAsync() => await edge.ScrapeAsync() + "\n" + await notifier.ScrapeAsync();

    [GeneratedRegex(@"^[a-z_]+(?=[{ ])", RegexOptions.Multiline)]
    private static partial Regex SampleName();
}
