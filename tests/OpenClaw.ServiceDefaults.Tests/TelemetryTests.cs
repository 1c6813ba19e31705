using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenClaw.TestServers;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Xunit;

namespace OpenClaw.ServiceDefaults.Tests;

[Collection(TelemetryCollection.Name)]
public sealed class TelemetryTests
{
    [Fact]
    public async Task Otlp_EndpointSet_ReceivesAllThreeSignals()
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync();
        using ActivitySource source = new("OpenClaw.Test");
        using Meter meter = new("OpenClaw.Test");
        Counter<long> counter = meter.CreateCounter<long>("openclaw.test.calls");

        await using (WebApplication app = await TestApp.StartAsync(collector.Settings, map: app =>
        {
            app.MapGet("/work", () => "done");
            app.MapGet("/jobs/{id}", async (string id, IHttpClientFactory clients, HttpRequest request) =>
            {
                using Activity? activity = source.StartActivity("inner work");
                counter.Add(1);
                app.Logger.LogWarning("Working on {Id}", id);
                return await clients.CreateClient().GetStringAsync($"http://{request.Host}/work");
            });
        }))
        {
            using HttpClient client = app.Connect();
            Assert.Equal("done", await client.GetStringAsync("/jobs/42"));

            // The server's span ends after the client has its answer; a stop waits for it.
            await app.StopAsync();
        }

        Assert.All(
            (string[])["OpenClaw.ServiceDefaults.Tests", "inner work", "/jobs/{id}"], name => Assert.Contains(name, collector.Traces));
        Assert.All(
            (string[])["OpenClaw.ServiceDefaults.Tests", "openclaw.test.calls", "http.server.request.duration",
                "http.client.request.duration", "dotnet.gc.collections"],
            name => Assert.Contains(name, collector.Metrics));
        Assert.All((string[])["OpenClaw.ServiceDefaults.Tests", "Working on 42"], text => Assert.Contains(text, collector.Logs));
    }

    [Fact]
    public async Task Otlp_CallersTraceAndBaggage_GoOnToTheUpstream()
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync();
        await using WebApplication app = await TestApp.StartAsync(collector.Settings, map: app =>
        {
            app.MapGet("/upstream", (HttpRequest request) => $"{request.Headers.TraceParent} {request.Headers.Baggage}");
            app.MapGet("/", (IHttpClientFactory clients, HttpRequest request) =>
                clients.CreateClient().GetStringAsync($"http://{request.Host}/upstream"));
        });
        using HttpClient client = app.Connect();
        using HttpRequestMessage request = new(HttpMethod.Get, "/");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");
        request.Headers.Add("baggage", "tenant=acme");

        using HttpResponseMessage response = await client.SendAsync(request);

        string seen = await response.Content.ReadAsStringAsync();
        Assert.Matches("^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-0[01] tenant ?= ?acme$", seen);
        Assert.DoesNotContain("b7ad6b7169203331", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Otlp_HostStops_ReceivesEvenSpansOfInstrumentationThatEnds()
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync();
        using ActivitySource source = new("OpenClaw.Test");

        await using (WebApplication app = await TestApp.StartAsync(collector.Settings, configure: builder => builder.Services
            .ConfigureOpenTelemetryTracerProvider(traces => traces.AddInstrumentation(() => new LateInstrumentation(source)))))
        {
            app.Lifetime.ApplicationStopping.Register(() => app.Logger.LogWarning("Nearly over"));
            await app.StopAsync();
        }

        Assert.Contains("the last command", collector.Traces);
        Assert.Contains("dotnet.gc.collections", collector.Metrics);
        Assert.Contains("Nearly over", collector.Logs);
    }

    [Fact]
    public async Task Otlp_CollectorIsAway_DoesNotHoldUpTheEnd()
    {
        WebApplication app = await TestApp.StartAsync(
            [("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{LoopbackPort.Free()}"),
                ("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory")]);
        app.Logger.LogWarning("Going");
        long start = Stopwatch.GetTimestamp();

        await app.StopAsync();
        await app.DisposeAsync();

        // Left to itself, each signal that has something to send takes 5 s.
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(4.5));
    }

    [Fact]
    public async Task Otlp_ProbesAndScrapesOnly_LeaveNoTrace()
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync();

        await using (
            WebApplication app = await TestApp.StartAsync([.. collector.Settings, ("OpenClaw:Metrics:Prometheus:Enabled", "true")]))
        {
            using HttpClient client = app.ConnectToManagement();
            await client.GetStringAsync("/health");
            await client.GetStringAsync("/alive");
            await client.GetStringAsync("/metrics");
        }

        // The test's own client is traced as well; only a server's span has a url.path.
        Assert.DoesNotContain("url.path", collector.Traces);
    }

    [Fact]
    public async Task Otlp_PathOfAProbeOnThePublicPort_IsTraced()
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync();

        await using (WebApplication app = await TestApp.StartAsync(collector.Settings, map: app => app.MapGet("/health", () => "own")))
        {
            using HttpClient client = app.Connect();
            Assert.Equal("own", await client.GetStringAsync("/health"));

            // The server's span ends after the client has its answer; a stop waits for it.
            await app.StopAsync();
        }

        Assert.Contains("url.path", collector.Traces);
    }

    [Fact]
    public async Task Otlp_RedisCommandOfNoRequest_LeavesNoTrace()
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync();
        using ActivitySource work = new("OpenClaw.Test");
        using ActivitySource redis = new("OpenTelemetry.Instrumentation.StackExchangeRedis");

        await using (WebApplication app = await TestApp.StartAsync(collector.Settings))
        {
            redis.StartActivity("a heartbeat", ActivityKind.Client)!.Dispose();
            using Activity? request = work.StartActivity("a request");
            redis.StartActivity("a decision", ActivityKind.Client)!.Dispose();
        }

        Assert.Contains("a decision", collector.Traces);
        Assert.DoesNotContain("a heartbeat", collector.Traces);
    }

    [Fact]
    public async Task Otlp_HealthCheckOfTheProxy_LeavesNoTrace()
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync();
        using ActivitySource proxy = new("Yarp.ReverseProxy");

        await using (WebApplication app = await TestApp.StartAsync([.. collector.Settings, ("OTEL_TRACES_SAMPLER", "always_on")]))
        {
            using (proxy.StartActivity("proxy.cluster_health_checks", ActivityKind.Consumer))
            using (proxy.StartActivity("a check", ActivityKind.Client))
            {
                proxy.StartActivity("its request", ActivityKind.Client)!.Dispose();
            }

            proxy.StartActivity("proxy.forwarder", ActivityKind.Server)!.Dispose();
        }

        Assert.Contains("proxy.forwarder", collector.Traces);
        Assert.All(
            (string[])["proxy.cluster_health_checks", "a check", "its request"], name => Assert.DoesNotContain(name, collector.Traces));
    }

    [Fact]
    public async Task Otlp_ServiceNameGiven_IsKept()
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync();

        WebApplication app = await TestApp.StartAsync(
            [.. collector.Settings, ("OTEL_SERVICE_NAME", "edge"), ("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=replica-7")]);
        await app.DisposeAsync();

        Assert.Contains("edge", collector.Metrics);
        Assert.Contains("replica-7", collector.Metrics);
        Assert.DoesNotContain("OpenClaw.ServiceDefaults.Tests", collector.Metrics);
    }

    [Fact]
    public async Task Otlp_NoEndpoint_NothingIsRecorded()
    {
        using ActivitySource source = new("OpenClaw.Test.Unheard");
        await using WebApplication app = await TestApp.StartAsync();

        Assert.Null(app.Services.GetService<TracerProvider>());
        Assert.Null(app.Services.GetService<MeterProvider>());
        Assert.False(source.HasListeners());
    }

    /// <summary>Hands over what it kept when it is disposed, as that of Redis does.</summary>
    private sealed class LateInstrumentation(ActivitySource source) : IDisposable
    {
        public void Dispose() => source.StartActivity("the last command")?.Dispose();
    }
}
