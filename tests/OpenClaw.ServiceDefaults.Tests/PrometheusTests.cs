using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.ServiceDefaults.Telemetry;
using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.ServiceDefaults.Tests;

[Collection(TelemetryCollection.Name)]
public sealed class PrometheusTests
{
    private const string Section = "OpenClaw:Metrics:Prometheus";

    [Fact]
    public async Task Scrape_ByDefault_IsNotFound()
    {
        await using WebApplication app = await TestApp.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await ScrapeAsync(app)).Status);
    }

    [Fact]
    public async Task Scrape_Enabled_HasOurMetersAndRequestDurationsBelow5Milliseconds()
    {
        using Meter meter = new("OpenClaw.Test");
        Counter<long> counter = meter.CreateCounter<long>("openclaw.test.scraped");
        await using WebApplication app = await TestApp.StartAsync(
            [($"{Section}:Enabled", "true")], map: app => app.MapGet("/hello", () => "hello"));
        using HttpClient client = app.Connect();
        await client.GetStringAsync("/hello");
        counter.Add(3);

        (HttpStatusCode status, string metrics) = await ScrapeAsync(app);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("openclaw_test_scraped_total{", metrics);
        Assert.Contains("http_server_request_duration_seconds_bucket{", metrics);
        Assert.Contains("le=\"0.0005\"", metrics);
        Assert.Contains("dotnet_gc_collections_total{", metrics);
        Assert.DoesNotContain("aspnetcore_routing_match_attempts", metrics);
    }

    [Fact]
    public async Task Scrape_OtherPath_IsServedThereOnly()
    {
        await using WebApplication app = await TestApp.StartAsync(
            [($"{Section}:Enabled", "true"), ($"{Section}:Path", "/internal/metrics")]);

        Assert.Equal(HttpStatusCode.NotFound, (await ScrapeAsync(app)).Status);
        Assert.Equal(HttpStatusCode.OK, (await ScrapeAsync(app, "/internal/metrics")).Status);
    }

    [Theory]
    [InlineData("metrics", "; it must start with '/' and have no braces, for example /metrics.")]
    [InlineData("/{metrics}", "; it must start with '/' and have no braces, for example /metrics.")]
    [InlineData("/Health", ", which is a probe; it must be another, for example /metrics.")]
    public async Task Start_PathWrong_SaysWhatWouldBeRight(string path, string message)
    {
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestApp.StartAsync([($"{Section}:Enabled", "true"), ($"{Section}:Path", path)]));

        Assert.Equal($"{Section}:Path is \"{path}\"{message}", Assert.Single(error.Failures));
    }

    [Theory]
    [InlineData("OpenClaw:Metrcs:Prometheus:Enabled",
        "OpenClaw:Metrcs is not a setting; OpenClaw has: Console, Edge, Management, ManagementPort, Metrics, Notifier, Port, RatingApi, "
            + "Redis, Traces.")]
    [InlineData("OpenClaw:Metrics:Prom:Enabled", "OpenClaw:Metrics:Prom is not a setting; OpenClaw:Metrics has: Prometheus.")]
    [InlineData($"{Section}:Prot", $"{Section}:Prot is not a setting; {Section} has: Enabled, OtlpEndpoint, Path.")]
    [InlineData($"{Section}:Port",
        $"{Section}:Port is no longer a setting: metrics are served on the management listener, see OpenClaw:Management:Port.")]
    public async Task Start_UnknownSetting_NamesThoseThatThereAre(string setting, string message)
    {
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestApp.StartAsync([(setting, "true")]));

        Assert.Equal(message, Assert.Single(error.Failures));
    }

    [Fact]
    public async Task Start_SettingsOfTheOtherParts_AreAccepted()
    {
        string[] names = ["Redis", "RatingApi", "port", "ManagementPort", "Edge:AddressPolicy", "Metrics:Prometheus:Path"];

        await using WebApplication app = await TestApp.StartAsync([.. names.Select(name => ($"OpenClaw:{name}", "/x"))]);
    }

    [Fact]
    public async Task Start_KnownNames_AreThoseOfTheOptions()
    {
        string[] names = [.. typeof(PrometheusOptions).GetProperties().Select(property => property.Name)];
        Dictionary<string, string> values = new() { ["Enabled"] = "false", ["Path"] = "/m", ["OtlpEndpoint"] = "http://localhost:1" };

        await using WebApplication app = await TestApp.StartAsync([.. names.Select(name => ($"{Section}:{name}", values[name]))]);
    }

    [Fact]
    public async Task Push_ToAnOtlpReceiver_HasTheMetricsBesideTheOtherCollectors()
    {
        await using OtlpCollector dashboard = await OtlpCollector.StartAsync();
        await using OtlpCollector prometheus = await OtlpCollector.StartAsync();
        using Meter meter = new("OpenClaw.Test");
        Counter<long> counter = meter.CreateCounter<long>("openclaw.test.pushed");

        await using (WebApplication app = await TestApp.StartAsync(
            [.. dashboard.Settings, ($"{Section}:OtlpEndpoint", $"{prometheus.Settings[0].Value}/v1/metrics")]))
        {
            counter.Add(1);
            await app.StopAsync();
        }

        Assert.Contains("openclaw.test.pushed", dashboard.Metrics);
        Assert.Contains("openclaw.test.pushed", prometheus.Metrics);
        Assert.Contains("service.name", prometheus.Metrics);
    }

    [Fact]
    public async Task Stop_NobodyReceivesThePush_StillSendsTheLastLogs()
    {
        await using OtlpCollector dashboard = await OtlpCollector.StartAsync();
        await using (WebApplication app = await TestApp.StartAsync(
            [.. dashboard.Settings, ($"{Section}:OtlpEndpoint", $"http://127.0.0.1:{LoopbackPort.Free()}/v1/metrics")]))
        {
            app.Logger.LogInformation("The last words.");
            await app.StopAsync();
        }

        Assert.Contains("The last words.", dashboard.Logs);
    }

    private static async Task<(HttpStatusCode Status, string Body)> ScrapeAsync(WebApplication app, string path = "/metrics")
    {
        using HttpClient client = app.ConnectToManagement();
        using HttpResponseMessage response = await client.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
