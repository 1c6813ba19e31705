using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Redis;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Limiter;

public sealed class RegistrationTests
{
    [Fact]
    public async Task AddRedisRateLimiter_WithoutARedisThatAnswers_StartsDecidesAndEnds()
    {
        ConfigurationOptions nobody = ConfigurationOptions.Parse($"127.0.0.1:{LoopbackPort.Free()}");
        RedisConnection.Configure(nobody);
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(nobody);
        RateLimitPolicy policy = new("policy", [new TokenBucket("burst", 20, 5, TimeSpan.FromSeconds(1))]);
        await using ServiceProvider services = new ServiceCollection()
            .AddRedisRateLimiter(_ => redis).BuildServiceProvider();

        IRateLimiterClient limiter = services.GetRequiredService<IRateLimiterClient>();
        RateLimitDecision decision = await limiter.DecideAsync([new Charge(policy, "client")]);

        Assert.Equal((true, DecisionSource.Local), (decision.IsAllowed, decision.Source));
        Assert.Same(services.GetRequiredService<RateLimiterClient>().Health, services.GetRequiredService<IRateLimiterHealth>());
    }

    [Fact]
    public async Task Start_WithARedisThatAnswers_LetsRedisMakeTheFirstDecision()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        ConfigurationOptions options = ConfigurationOptions.Parse(server.ConnectionString);
        RedisConnection.Configure(options);
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(options);
        await using ServiceProvider services = new ServiceCollection()
            .AddRedisRateLimiter(_ => redis).BuildServiceProvider();

        foreach (IHostedService hosted in services.GetServices<IHostedService>())
        {
            await hosted.StartAsync(CancellationToken.None);
        }

        // Nothing but the heartbeat is written by the warm-up.
        Assert.DoesNotContain("warm-up", await server.ExecuteAsync("KEYS", "*"));
        RateLimitPolicy policy = new("policy", [new TokenBucket("burst", 20, 5, TimeSpan.FromSeconds(1))]);
        Assert.Equal(
            DecisionSource.Store, (await services.GetRequiredService<IRateLimiterClient>().DecideAsync(
                [new Charge(policy, "client")])).Source);
    }
}
