using System.Diagnostics;
using Aspire.StackExchange.Redis;
using Aspire.StackExchange.Redis.Tracing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenClaw.TestServers;
using OpenTelemetry;
using OpenTelemetry.Trace;
using StackExchange.Redis;

namespace Aspire.Offline.Tests.Redis;

/// <summary>The client registration behaves as the package's: configuration, lifetime, health, traces.</summary>
public sealed class RedisClientTests
{
    private static readonly ActivitySource Source = new("Aspire.Offline.Tests");

    [Fact]
    public void AddRedisClient_NoConnectionString_NamesTheSettingWhenResolved()
    {
        using var host = Host(builder => builder.AddRedisClient("redis"));

        var error = Assert.Throws<InvalidOperationException>(host.Services.GetRequiredService<IConnectionMultiplexer>);

        Assert.Contains("'ConnectionStrings:redis'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddRedisClient_SettingsInEverySection_LaterOnesWin()
    {
        StackExchangeRedisSettings? seen = null;
        using var host = Host(
            builder => builder.AddRedisClient("redis", settings => seen = settings),
            ("Aspire:StackExchange:Redis:ConnectionString", "general:1"),
            ("Aspire:StackExchange:Redis:DisableHealthChecks", "true"),
            ("Aspire:StackExchange:Redis:DisableTracing", "true"),
            ("Aspire:StackExchange:Redis:redis:DisableTracing", "false"),
            ("ConnectionStrings:redis", "named:2"));

        Assert.Equal(("named:2", true, false), (seen!.ConnectionString, seen.DisableHealthChecks, seen.DisableTracing));
    }

    [Fact]
    public async Task AddRedisClient_RedisDown_StartsAndIsUnhealthy()
    {
        using var host = Host(
            builder => builder.AddRedisClient("redis", configureOptions: options => options.ConnectTimeout = 200),
            ("ConnectionStrings:redis", $"127.0.0.1:{LoopbackPort.Free()}"));

        await host.StartAsync(TestContext.Current.CancellationToken);
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Unhealthy, report.Entries["StackExchange.Redis"].Status);
    }

    [Fact]
    public async Task AddRedisClient_OptionsInEverySection_LaterOnesWinAndItIsHealthy()
    {
        Requires.RedisServer();
        await using var server = await RedisServer.StartAsync();
        using var host = Host(
            builder => builder.AddRedisClient("redis", configureOptions: options => options.ClientName += "-configured"),
            ("Aspire:StackExchange:Redis:ConfigurationOptions:DefaultDatabase", "1"),
            ("Aspire:StackExchange:Redis:redis:ConfigurationOptions:DefaultDatabase", "2"),
            ("Aspire:StackExchange:Redis:ConfigurationOptions:ClientName", "general"),
            ("ConnectionStrings:redis", server.ConnectionString));

        await host.StartAsync(TestContext.Current.CancellationToken);
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        var connection = host.Services.GetRequiredService<IConnectionMultiplexer>();
        Assert.Equal(2, connection.GetDatabase().Database);
        Assert.Equal("general-configured", connection.ClientName);
        Assert.Equal(HealthStatus.Healthy, report.Entries["StackExchange.Redis"].Status);
    }

    [Fact]
    public async Task Commands_InARecordedActivity_BecomeItsClientSpans()
    {
        Requires.RedisServer();
        await using var server = await RedisServer.StartAsync();
        var spans = new List<Activity>();
        using var host = Host(
            builder =>
            {
                builder.AddRedisClient("redis");
                builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(Source.Name).AddProcessor(new Collector(spans)));
            },
            ("ConnectionStrings:redis", server.ConnectionString));
        await host.StartAsync(TestContext.Current.CancellationToken);
        var database = host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();

        using (var parent = Source.StartActivity("request"))
        {
            await database.ScriptEvaluateAsync("return redis.call('INCR', KEYS[1])", [(RedisKey)"k"]);
            host.Services.GetRequiredService<RedisSpans>().Drain();

            var span = Assert.Single(spans, span => span.OperationName.StartsWith("EVAL", StringComparison.Ordinal) && span.TraceId == parent!.TraceId);
            Assert.Equal(parent!.SpanId, span.ParentSpanId);
            Assert.Equal(ActivityKind.Client, span.Kind);
            Assert.Equal("redis", span.GetTagItem("db.system.name"));
            Assert.Equal(server.Port, span.GetTagItem("server.port"));
            Assert.InRange(span.Duration, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(10));
        }
    }

    [Fact]
    public async Task Commands_InAnActivityThatIsNotRecorded_AreNotProfiled()
    {
        Requires.RedisServer();
        await using var server = await RedisServer.StartAsync();
        var spans = new List<Activity>();
        using var host = Host(
            builder =>
            {
                builder.AddRedisClient("redis");
                builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddProcessor(new Collector(spans)));
            },
            ("ConnectionStrings:redis", server.ConnectionString));
        await host.StartAsync(TestContext.Current.CancellationToken);
        var database = host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();

        using var dropped = new Activity("request").Start();
        await database.PingAsync();
        host.Services.GetRequiredService<RedisSpans>().Drain();

        Assert.DoesNotContain(spans, span => span.TraceId == dropped.TraceId);
    }

    private static IHost Host(Action<IHostApplicationBuilder> configure, params (string Key, string Value)[] configuration)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(configuration.Select(pair => KeyValuePair.Create<string, string?>(pair.Key, pair.Value)));
        configure(builder);
        return builder.Build();
    }

    private sealed class Collector(List<Activity> spans) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            lock (spans)
            {
                spans.Add(data);
            }
        }
    }
}
