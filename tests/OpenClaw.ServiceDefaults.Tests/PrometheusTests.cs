using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
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
        await using WebApplication app = await TestApp.StartAsync([($"{Section}:Enabled", "true")], map: app => app.MapGet("/hello", () => "hello"));
        using HttpClient client = app.Connect();
        await client.GetStringAsync("/hello");
        counter.Add(3);

        (HttpStatusCode status, string metrics) = await ScrapeAsync(app);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("openclaw_test_scraped_total{", metrics);
        Assert.Contains("http_server_request_duration_seconds_bucket{", metrics);
        Assert.Contains("le=\"0.0005\"", metrics);
        Assert.Contains("dotnet_gc_collections_total{", metrics);
    }

    [Fact]
    public async Task Scrape_OtherPath_IsServedThereOnly()
    {
        await using WebApplication app = await TestApp.StartAsync([($"{Section}:Enabled", "true"), ($"{Section}:Path", "/internal/metrics")]);

        Assert.Equal(HttpStatusCode.NotFound, (await ScrapeAsync(app)).Status);
        Assert.Equal(HttpStatusCode.OK, (await ScrapeAsync(app, "/internal/metrics")).Status);
    }

    [Fact]
    public async Task Scrape_PortSet_IsServedOnThatPortOnly()
    {
        int port = LoopbackPort.Free();
        await using WebApplication app = await TestApp.StartAsync(
            [($"{Section}:Enabled", "true"), ($"{Section}:Port", port.ToString())], urls: $"http://127.0.0.1:0;http://127.0.0.1:{port}");
        string[] others = [.. app.Urls.Where(url => new Uri(url).Port != port)];

        using HttpClient publicClient = new() { BaseAddress = new Uri(Assert.Single(others)) };
        using HttpRequestMessage forged = new(HttpMethod.Get, "/metrics") { Headers = { Host = $"127.0.0.1:{port}" } };
        using HttpClient scraper = new();

        Assert.Equal(HttpStatusCode.NotFound, (await publicClient.GetAsync("/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await publicClient.SendAsync(forged)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await scraper.GetAsync($"http://127.0.0.1:{port}/metrics")).StatusCode);
    }

    [Fact]
    public async Task Start_PortThatNobodyListensTo_IsWarnedAbout()
    {
        FakeLogCollector logs = new();
        int port = LoopbackPort.Free();

        await using WebApplication app = await TestApp.StartAsync(
            [($"{Section}:Enabled", "true"), ($"{Section}:Port", $"{port}")],
            builder => builder.Logging.AddProvider(new FakeLoggerProvider(logs)));

        FakeLogRecord warning = Assert.Single(logs.GetSnapshot(), record => record.Level == LogLevel.Warning);
        Assert.Contains($"{Section}:Port is {port}, but this process listens to {app.Urls.Single()}", warning.Message);
    }

    [Fact]
    public async Task Start_SettingsWrong_NamesAllOfThem()
    {
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestApp.StartAsync([($"{Section}:Enabled", "true"), ($"{Section}:Path", "metrics"), ($"{Section}:Port", "0")]));

        Assert.Equal(2, error.Failures.Count());
        Assert.Contains($"{Section}:Path is \"metrics\"; it must start with '/', for example /metrics.", error.Failures);
        Assert.Contains($"{Section}:Port is 0; it must be 1 to 65535, or absent for every port.", error.Failures);
    }

    [Theory]
    [InlineData("OpenClaw:Metrcs:Prometheus:Enabled", "OpenClaw:Metrcs is not a setting; OpenClaw has: Edge, ManagementPort, Metrics, Port, RatingApi, Redis, Traces.")]
    [InlineData("OpenClaw:Metrics:Prom:Enabled", "OpenClaw:Metrics:Prom is not a setting; OpenClaw:Metrics has: Prometheus.")]
    [InlineData($"{Section}:Prot", $"{Section}:Prot is not a setting; {Section} has: Enabled, OtlpEndpoint, Path, Port.")]
    public async Task Start_UnknownSetting_NamesThoseThatThereAre(string setting, string message)
    {
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => TestApp.StartAsync([(setting, "true")]));

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
        Dictionary<string, string> values = new() { ["Enabled"] = "false", ["Path"] = "/m", ["Port"] = "9464", ["OtlpEndpoint"] = "http://localhost:1" };

        await using WebApplication app = await TestApp.StartAsync([.. names.Select(name => ($"{Section}:{name}", values[name]))]);
    }

    [Fact]
    public async Task Push_ToAnOtlpReceiver_HasTheMetricsBesideTheOtherCollectors()
    {
        await using OtlpCollector dashboard = await OtlpCollector.StartAsync();
        await using OtlpCollector prometheus = await OtlpCollector.StartAsync();
        using Meter meter = new("OpenClaw.Test");
        Counter<long> counter = meter.CreateCounter<long>("openclaw.test.pushed");

        await using (WebApplication app = await TestApp.StartAsync([.. dashboard.Settings, ($"{Section}:OtlpEndpoint", $"{prometheus.Settings[0].Value}/v1/metrics")]))
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
        await using (WebApplication app = await TestApp.StartAsync([.. dashboard.Settings, ($"{Section}:OtlpEndpoint", $"http://127.0.0.1:{LoopbackPort.Free()}/v1/metrics")]))
        {
            app.Logger.LogInformation("The last words.");
            await app.StopAsync();
        }

        Assert.Contains("The last words.", dashboard.Logs);
    }

    private static async Task<(HttpStatusCode Status, string Body)> ScrapeAsync(WebApplication app, string path = "/metrics")
    {
        using HttpClient client = app.Connect();
        using HttpResponseMessage response = await client.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
