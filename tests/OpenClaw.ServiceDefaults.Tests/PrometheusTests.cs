using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
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

    private static async Task<(HttpStatusCode Status, string Body)> ScrapeAsync(WebApplication app, string path = "/metrics")
    {
        using HttpClient client = app.Connect();
        using HttpResponseMessage response = await client.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
