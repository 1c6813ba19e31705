using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>
/// Exports logs, metrics and traces over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, and metrics for Prometheus when they are
/// enabled. Signals without an exporter are not recorded at all: an unexported span would still cost every request an allocation.
/// </summary>
internal static class TelemetryRegistration
{
    /// <summary>Activity sources and meters beyond those of ASP.NET Core, HttpClient and the runtime. The last name is the Redis
    /// instrumentation's.</summary>
    public static readonly string[] Sources =
        ["OpenClaw.*", "Yarp.ReverseProxy", "StackExchange.Redis", "OpenTelemetry.Instrumentation.StackExchangeRedis"];

    /// <summary>In seconds. The default buckets start at 5 ms; most requests through the edge are faster.</summary>
    private static readonly double[] DurationBuckets =
        [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>Instruments of the framework that are left out. They are recorded for every request; no dashboard or rule here reads them,
    /// and the edge's own metrics tell more.</summary>
    private static readonly string[] Unread =
        ["aspnetcore.routing.match_attempts", "http.client.active_requests", "http.client.request.time_in_queue"];

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<PrometheusOptions>()
            .BindConfiguration(PrometheusOptions.Section)
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<PrometheusOptions>, PrometheusOptionsValidator>();
        builder.Services.AddOptions<TracingOptions>()
            .BindConfiguration(TracingOptions.Section)
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TracingOptions>, TracingOptionsValidator>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        bool samples = string.IsNullOrWhiteSpace(builder.Configuration["OTEL_TRACES_SAMPLER"]);
        builder.Services.AddSingleton(services => new RequestSpans(
            samples ? services.GetRequiredService<IOptions<TracingOptions>>().Value : null, services.GetRequiredService<TimeProvider>()));

        bool otlp = !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        bool prometheus = builder.Configuration.GetValue<bool>($"{PrometheusOptions.Section}:{nameof(PrometheusOptions.Enabled)}");
        string? push = builder.Configuration[$"{PrometheusOptions.Section}:{nameof(PrometheusOptions.OtlpEndpoint)}"];
        if (!otlp && !prometheus && string.IsNullOrEmpty(push))
        {
            return;
        }

        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddServiceIdentity(builder.Configuration, builder.Environment))
            .WithMetrics(metrics => ConfigureMetrics(metrics, prometheus, push));
        if (otlp)
        {
            builder.Logging.AddOpenTelemetry(logs =>
            {
                logs.IncludeFormattedMessage = true;
                logs.IncludeScopes = true;
            });
            telemetry.WithTracing(ConfigureTracing).UseOtlpExporter();
            // The framework reads and writes W3C headers itself. With the default, which adds baggage, the instrumentation reads and writes
            // them again for every request, recorded or not.
            Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
            if (samples)
            {
                telemetry.WithTracing(traces => traces.SetSampler(services => new RateSampler(
                    services.GetRequiredService<IOptions<TracingOptions>>().Value, services.GetRequiredService<TimeProvider>())));
                builder.Services.AddTransient<IStartupFilter, ErrorSpanMiddleware.First>();
            }

            builder.Services.AddHostedService<LastExport>();
        }
    }

    private static void ConfigureMetrics(MeterProviderBuilder metrics, bool prometheus, string? push)
    {
        metrics.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddMeter(Sources);
        foreach (string duration in (ReadOnlySpan<string>)["http.server.request.duration", "http.client.request.duration"])
        {
            metrics.AddView(duration, new ExplicitBucketHistogramConfiguration { Boundaries = DurationBuckets });
        }

        foreach (string instrument in Unread)
        {
            metrics.AddView(instrument, MetricStreamConfiguration.Drop);
        }

        if (prometheus)
        {
            metrics.AddPrometheusExporter();
        }

        if (Uri.TryCreate(push, UriKind.Absolute, out Uri? endpoint))
        {
            metrics.AddReader(PrometheusPush.CreateReader(endpoint));
        }
    }

    private static void ConfigureTracing(TracerProviderBuilder traces) => traces
        .AddSource(Sources)
        .AddProcessor(new BackgroundSpans())
        .AddAspNetCoreInstrumentation(options =>
        {
            options.RecordException = true;
            // Conventions leave the status of a 4xx unset, so a list of traces would show a refusal like any other request.
            options.EnrichWithHttpResponse = static (span, response) =>
            {
                if (response.StatusCode == StatusCodes.Status429TooManyRequests)
                {
                    span.DisplayName += " 429";
                }
            };
        })
        .AddHttpClientInstrumentation(options => options.RecordException = true);
}
