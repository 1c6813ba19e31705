using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OpenClaw.ServiceDefaults.Management;
using OpenClaw.ServiceDefaults.Telemetry;
using OpenTelemetry.Trace;
using Xunit;

namespace OpenClaw.ServiceDefaults.Tests;

[Collection(TelemetryCollection.Name)]
public sealed class TraceSamplingTests
{
    private const string Sampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const string NotSampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

    [Fact]
    public async Task Requests_BeyondTheRate_AreNotTraced()
    {
        string traces = await TraceAsync(
            [("Rate", "2"), ("ErrorRate", "0"), ("RefusalRate", "0")], "/ok", "/ok", "/ok", "/ok", "/fail", "/busy");

        Assert.InRange(Count(traces, "GET /ok"), 2, 4);
        Assert.Equal(Count(traces, "GET /ok"), Count(traces, "work within"));
        Assert.Equal(0, Count(traces, "url.path") - Count(traces, "GET /ok"));
    }

    [Theory]
    [InlineData("/fail", "GET /fail", "error")]
    [InlineData("/throw", "GET /throw", "error")]
    [InlineData("/late", "GET /late", "error")]
    [InlineData("/busy", "GET /busy 429", "refusal")]
    public async Task RefusalsAndErrors_BeyondTheRate_AreTracedByTheirOwn(string path, string name, string reason)
    {
        string traces = await TraceAsync([("Rate", "0"), ("ErrorRate", "1"), ("RefusalRate", "1")], "/ok", path, path, path);

        Assert.InRange(Count(traces, RequestSpans.RecordedForTag), 1, 2);
        Assert.Contains(name, traces);
        Assert.Contains(reason, traces);
        Assert.All(
            (string[])["http.request.method", "url.path", "http.route", "http.response.status_code", "server.port", "url.scheme"],
            tag => Assert.Equal(Count(traces, RequestSpans.RecordedForTag), Count(traces, tag)));
        Assert.DoesNotContain("/ok", traces);
        Assert.DoesNotContain("work within", traces);
    }

    [Fact]
    public async Task Refusals_NotRecordedAsSuch_AreNotRecordedAsErrors()
    {
        string traces = await TraceAsync([("Rate", "0"), ("ErrorRate", "20"), ("RefusalRate", "0")], "/full");

        Assert.DoesNotContain("/full", traces);
    }

    [Fact]
    public async Task Probes_ThatFail_AreNotTraced()
    {
        string traces = await TraceAsync([("Rate", "0")], "/health");

        Assert.Empty(traces);
    }

    [Theory]
    [InlineData("true", "0", Sampled, true)]
    [InlineData("true", "20", NotSampled, false)]
    [InlineData("false", "0", Sampled, false)]
    [InlineData("false", "20", NotSampled, true)]
    public async Task Caller_SaysWhetherItRecords_IsFollowedWhereItIsTrusted(string follow, string rate, string traceparent, bool isTraced)
    {
        string traces = await TraceAsync([("Rate", rate), ("FollowCallers", follow)], ["/ok"], traceparent);

        Assert.Equal(isTraced, traces.Contains("GET /ok", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sampler_OfTheStandardVariable_DecidesAlone()
    {
        string all = await TraceAsync([("Rate", "0")], ["/ok", "/ok"], sampler: "always_on");
        string none = await TraceAsync([("Rate", "20"), ("ErrorRate", "20")], ["/ok", "/fail"], sampler: "always_off");

        Assert.Equal(2, Count(all, "GET /ok"));
        Assert.Empty(none);
    }

    [Fact]
    public async Task Rates_OutOfRange_AreReportedTogether()
    {
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => TestApp.StartAsync(
            [("OpenClaw:Traces:Rate", "-1"), ("OpenClaw:Traces:RefusalRate", "1000001"), ("OpenClaw:Traces:ErrorRate", "-2")]));

        Assert.Equal(
            ["OpenClaw:Traces:Rate is -1", "OpenClaw:Traces:RefusalRate is 1000001", "OpenClaw:Traces:ErrorRate is -2"],
            error.Failures.Select(failure => failure.Split(';')[0]));
    }

    [Fact]
    public void Find_NobodyListens_AllocatesNothing()
    {
        RequestSpans spans = new(new TracingOptions(), TimeProvider.System);
        DefaultHttpContext context = new();
        spans.FindOrRecord(context, SpanReason.Refusal);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Activity? found = spans.Find(context) ?? spans.FindOrRecord(context, SpanReason.Refusal);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Null(found);
    }

    private static Task<string> TraceAsync((string Name, string Value)[] settings, params string[] paths) =>
        TraceAsync(settings, paths, null);

    private static async Task<string> TraceAsync(
        (string Name, string Value)[] settings, string[] paths, string? traceparent = null, string? sampler = null)
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync();
        using ActivitySource source = new("OpenClaw.Test");
        (string, string)[] all =
        [
            .. collector.Settings, .. settings.Select(setting => ($"{TracingOptions.Section}:{setting.Name}", setting.Value)),
            .. sampler is null ? [] : new[] { ("OTEL_TRACES_SAMPLER", sampler) },
        ];
        await using (WebApplication app = await TestApp.StartAsync(
            all,
            builder => builder.Services.AddHealthChecks().AddCheck("broken", () => HealthCheckResult.Unhealthy()),
            app => Map(app, source)))
        {
            // Without spans or headers of the client's own, which would be in the same process.
            using HttpClient client = new(new SocketsHttpHandler { ActivityHeadersPropagator = null });
            foreach (string path in paths)
            {
                Uri server = path == "/health" ? app.Services.GetRequiredService<ManagementServer>().Address! : new Uri(app.Urls.Single());
                using HttpRequestMessage request = new(HttpMethod.Get, new Uri(server, path));
                if (traceparent is not null)
                {
                    request.Headers.Add("traceparent", traceparent);
                }

                using HttpResponseMessage response = await client.SendAsync(request);
                Assert.NotEqual(HttpStatusCode.NotFound, response.StatusCode);
            }

            // A server's span ends after the client has its answer; a stop waits for it. The export at the end of the service has little
            // time, too little on a busy machine.
            await app.StopAsync();
            app.Services.GetRequiredService<TracerProvider>().ForceFlush(timeoutMilliseconds: 20_000);
        }

        return collector.Traces;
    }

    private static void Map(WebApplication app, ActivitySource source)
    {
        RequestSpans spans = app.Services.GetRequiredService<RequestSpans>();
        app.MapGet("/ok", () =>
        {
            using Activity? work = source.StartActivity("work within");
            return "fine";
        });
        app.MapGet("/fail", () => Results.StatusCode(500));
        app.MapGet("/late", async () =>
        {
            await Task.Yield();
            return Results.StatusCode(503);
        });
        app.MapGet("/throw", string () => throw new InvalidOperationException("no"));
        app.MapGet("/busy", (HttpContext context) => Refuse(context, 429));
        app.MapGet("/full", (HttpContext context) => Refuse(context, 503));

        IResult Refuse(HttpContext context, int status)
        {
            spans.FindOrRecord(context, SpanReason.Refusal);
            return Results.StatusCode(status);
        }
    }

    private static int Count(string traces, string text) => Regex.Count(traces, Regex.Escape(text));
}
