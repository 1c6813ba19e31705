using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Redis;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Registration;

public sealed class RedisRegistrationTests
{
    private static readonly RateLimitPolicy Policy = new("policy", [new TokenBucket("burst", 5, 1, TimeSpan.FromHours(1))]);

    [Fact]
    public async Task AddRedisRateLimiter_ByName_OwnsItsConnectionAndClosesIt()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:cache"] = server.ConnectionString;
        builder.Services.AddRedisRateLimiter("cache", configureConnection: connection => connection.ClientName = "own");
        using IHost host = builder.Build();
        await host.StartAsync();

        RateLimitDecision decision = await host.Services.GetRequiredService<IRateLimiterClient>().DecideAsync(new Charge(Policy, "a"));

        Assert.Equal((true, DecisionSource.Store, 4), (decision.IsAllowed, decision.Source, decision.Buckets[0].Remaining));
        Assert.Contains("name=own", await server.ExecuteAsync("CLIENT", "LIST"));
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
        Assert.DoesNotContain("name=own", await server.ExecuteAsync("CLIENT", "LIST"));
    }

    [Fact]
    public async Task AddRedisRateLimiter_Twice_SaysWhatToDo()
    {
        IServiceCollection services = new ServiceCollection().AddRedisRateLimiter("redis").AddKeyedRedisRateLimiter("a", "redis");

        InvalidOperationException second = Assert.Throws<InvalidOperationException>(() => services.AddRedisRateLimiter("other"));
        InvalidOperationException keyed = Assert.Throws<InvalidOperationException>(() => services.AddKeyedRedisRateLimiter("a", "other"));

        Assert.Equal("A rate limiter is registered already. Register a second one by AddKeyedRedisRateLimiter.", second.Message);
        Assert.Equal("A rate limiter is registered under the key 'a' already. Use another key for a second one.", keyed.Message);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task AddKeyedRedisRateLimiter_TwoPrefixes_DoNotShareBuckets()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        ConfigurationOptions options = ConfigurationOptions.Parse(server.ConnectionString);
        await using ServiceProvider services = new ServiceCollection()
            .AddKeyedRedisRateLimiter("a", _ => options, limiter => limiter.KeyPrefix = "a:")
            .AddKeyedRedisRateLimiter("b", _ => options, limiter => limiter.KeyPrefix = "b:")
            .BuildServiceProvider();
        foreach (IHostedService hosted in services.GetServices<IHostedService>())
        {
            await hosted.StartAsync(CancellationToken.None);
        }

        IRateLimiterClient a = services.GetRequiredKeyedService<IRateLimiterClient>("a");
        IRateLimiterClient b = services.GetRequiredKeyedService<IRateLimiterClient>("b");
        await a.DecideAsync(new Charge(Policy, "x", 5));

        Assert.False((await a.DecideAsync(new Charge(Policy, "x"))).IsAllowed);
        Assert.True((await b.DecideAsync(new Charge(Policy, "x"))).IsAllowed);
        Assert.NotSame(
            services.GetRequiredKeyedService<IRateLimiterHealth>("a"), services.GetRequiredKeyedService<IRateLimiterHealth>("b"));
        Assert.Null(services.GetService<IRateLimiterClient>());
        Assert.True(options.AbortOnConnectFail, "The caller's options were changed.");
    }

    [Fact]
    public async Task AddRedisRateLimiter_OptionsOfAFactory_AreConfiguredForTheGuarantees()
    {
        ConfigurationOptions options = ConfigurationOptions.Parse($"127.0.0.1:{LoopbackPort.Free()},asyncTimeout=20000");
        await using ServiceProvider services = new ServiceCollection().AddRedisRateLimiter(_ => options).BuildServiceProvider();

        // Without a Redis that answers, it starts and decides.
        RateLimitDecision decision = await services.GetRequiredService<IRateLimiterClient>().DecideAsync(new Charge(Policy, "a"));

        Assert.Equal((true, DecisionSource.Local), (decision.IsAllowed, decision.Source));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task AddRedisRateLimiter_ConnectionOfOthers_WarnsUnlessItIsConfigured(bool configured, int warnings)
    {
        ConfigurationOptions options = ConfigurationOptions.Parse($"127.0.0.1:{LoopbackPort.Free()},abortConnect=false,connectTimeout=100");
        if (configured)
        {
            RedisConnection.Configure(options);
        }

        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(options);
        await using ServiceProvider services = new ServiceCollection()
            .AddLogging(logging => logging.AddFakeLogging())
            .AddRedisRateLimiter(_ => redis)
            .BuildServiceProvider();

        services.GetRequiredService<IRateLimiterClient>();

        Assert.Equal(
            warnings, services.GetFakeLogCollector().GetSnapshot().Count(record => record.Message.Contains("RedisConnection.Configure")));
        await services.DisposeAsync();
        Assert.False(await IsDisposedAsync(redis), "The connection is its owner's.");
    }

    [Fact]
    public async Task Host_AddRedisRateLimiter_AddsHealthAndFollowsItsSection()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:redis"] = server.ConnectionString,
            ["RateLimiting:KeyPrefix"] = "host:",
            ["RateLimiting:Policies:api:Buckets:burst:Capacity"] = "20",
            ["RateLimiting:Policies:api:Buckets:burst:RefillTokens"] = "5",
            ["RateLimiting:Policies:api:Buckets:burst:RefillPeriod"] = "00:00:01",
            ["RateLimiting:Keyed:slow:ConnectionName"] = "redis",
            ["RateLimiting:Keyed:slow:KeyPrefix"] = "slow:",
            ["RateLimiting:Keyed:slow:DisableHealthChecks"] = "true",
        });
        builder.Services.AddLogging();
        builder.AddRedisRateLimiter("redis");
        builder.AddKeyedRedisRateLimiter("slow");
        builder.AddKeyedRedisRateLimiter("away", settings => settings.ConnectionString = $"127.0.0.1:{LoopbackPort.Free()}");
        using IHost host = builder.Build();
        await host.StartAsync();
        RateLimitPolicy policy = host.Services.GetRequiredService<IRateLimitPolicies>()["api"];

        await host.Services.GetRequiredService<IRateLimiterClient>().DecideAsync(new Charge(policy, "a"));
        await host.Services.GetRequiredKeyedService<IRateLimiterClient>("slow").DecideAsync(new Charge(policy, "a"));
        for (int i = 0; i < 10; i++)
        {
            await host.Services.GetRequiredKeyedService<IRateLimiterClient>("away").DecideAsync(new Charge(policy, "a"));
        }

        string keys = await server.ExecuteAsync("KEYS", "*{a}api");
        Assert.Contains("host:{a}api", keys);
        Assert.Contains("slow:{a}api", keys);
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(["OpenClaw.RateLimiting", "OpenClaw.RateLimiting_away"], report.Entries.Keys.Order());
        Assert.Equal(HealthStatus.Healthy, report.Entries["OpenClaw.RateLimiting"].Status);
        Assert.Equal(HealthStatus.Degraded, report.Entries["OpenClaw.RateLimiting_away"].Status);
        await host.StopAsync();
    }

    private static async Task<bool> IsDisposedAsync(ConnectionMultiplexer redis)
    {
        try
        {
            await redis.GetDatabase().PingAsync();
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
        catch (RedisConnectionException)
        {
            return false;
        }
    }
}
