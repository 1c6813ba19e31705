using System.Text.RegularExpressions;
using Xunit;

namespace OpenClaw.Monitoring.Tests;

public sealed partial class PrometheusFilesTests
{
    [Theory]
    [InlineData("prometheus.yml")]
    [InlineData("prometheus.local.yml")]
    public async Task Config_CheckedByPromtool_IsValidWithItsRules(string file)
    {
        string output = await Promtool.RunAsync("check", "config", file);

        Assert.Contains($"{DeployFiles.RuleFiles.Length} rule files found", output);
    }

    [Fact]
    public Task Rules_TestedByPromtool_RecordAndAlertAsExpected() => Promtool.RunAsync("test", "rules", "rules.test.yml");

    [Fact]
    public void Alerts_Each_IsTestedToFireAndSaysWhatToDo()
    {
        string tests = File.ReadAllText(Path.Combine(DeployFiles.Prometheus, "rules.test.yml"));
        string rules = File.ReadAllText(Path.Combine(DeployFiles.Prometheus, "alerts.rules.yml"));
        string[] alerts = [.. AlertName().Matches(rules).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert =>
        {
            Assert.Matches($@"alertname: {alert}\s+eval_time: \S+\s+exp_alerts:\s+- exp_labels", tests);
            string rule = rules[rules.IndexOf($"alert: {alert}\n", StringComparison.Ordinal)..].Split("\n\n")[0];
            Assert.Contains("labels: {severity:", rule);
            Assert.Contains("summary:", rule);
            Assert.Contains("description:", rule);
        });
    }

    [Fact]
    public void Alerts_InTheOperatorsTable_AreAllOfThem()
    {
        string rules = File.ReadAllText(Path.Combine(DeployFiles.Prometheus, "alerts.rules.yml"));
        string operations = File.ReadAllText(Path.Combine(DeployFiles.Prometheus, "..", "..", "docs", "how-to", "troubleshoot.md"));

        Assert.Equal(
            AlertName().Matches(rules).Select(match => match.Groups[1].Value).Order(),
            Regex.Matches(operations, @"`(OpenClaw[A-Z]\w+)`").Select(match => match.Groups[1].Value).Distinct().Order());
    }

    [GeneratedRegex(@"alert: (\w+)")]
    private static partial Regex AlertName();
}
