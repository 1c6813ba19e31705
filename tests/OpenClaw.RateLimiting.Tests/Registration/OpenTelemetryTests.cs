using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenClaw.RateLimiting.Tests.Telemetry;
using OpenClaw.TestServers;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Registration;

[Collection(ListenerTests.Name)]
public sealed class OpenTelemetryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Host_AddRedisRateLimiter_CollectsItsSpansAndMetricsUnlessDisabled(bool disabled)
    {
        Collected<Activity> spans = new();
        Collected<Metric> metrics = new();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:redis"] = $"127.0.0.1:{LoopbackPort.Free()}";
        builder.AddRedisRateLimiter("redis", settings => settings.DisableMetrics = settings.DisableTracing = disabled);
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddProcessor(new SimpleActivityExportProcessor(spans)))
            .WithMetrics(meters => meters.AddReader(new BaseExportingMetricReader(metrics)));
        using IHost host = builder.Build();
        await host.StartAsync();
        RateLimitPolicy policy = new("observed", [new TokenBucket("burst", 5, 1, TimeSpan.FromHours(1))]);

        await host.Services.GetRequiredService<IRateLimiterClient>().DecideAsync(new Charge(policy, "a"));
        host.Services.GetRequiredService<MeterProvider>().ForceFlush();

        Assert.Equal(!disabled, spans.Names.Contains("decide"));
        Assert.Equal(!disabled, metrics.Names.Contains("openclaw.ratelimit.decisions"));
        await host.StopAsync();
    }

    private sealed class Collected<T> : BaseExporter<T>
        where T : class
    {
        public HashSet<string> Names { get; } = [];

        public override ExportResult Export(in Batch<T> batch)
        {
            foreach (T item in batch)
            {
                Names.Add(item is Activity span ? span.OperationName : ((Metric)(object)item).Name);
            }

            return ExportResult.Success;
        }
    }
}
