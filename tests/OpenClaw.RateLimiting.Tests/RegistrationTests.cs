using Microsoft.Extensions.DependencyInjection;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests;

public sealed class RegistrationTests
{
    [Fact]
    public async Task AddTokenBucketLimiter_WithoutARedisThatAnswers_StartsDecidesAndEnds()
    {
        ConfigurationOptions nobody = ConfigurationOptions.Parse($"127.0.0.1:{LoopbackPort.Free()}");
        RedisConnection.Configure(nobody);
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(nobody);
        RateLimitPolicy policy = new("policy", [new TokenBucket("burst", 20, 5, TimeSpan.FromSeconds(1))]);
        await using ServiceProvider services = new ServiceCollection()
            .AddLogging().AddMetrics().AddSingleton<IConnectionMultiplexer>(redis).AddTokenBucketLimiter().BuildServiceProvider();

        ITokenBucketLimiter limiter = services.GetRequiredService<ITokenBucketLimiter>();
        RateLimitDecision decision = await limiter.DecideAsync([new Charge(policy, "client")]);

        Assert.Equal((true, DecisionSource.Local), (decision.IsAllowed, decision.Source));
        Assert.Same(services.GetRequiredService<TokenBucketLimiter>().Health, services.GetRequiredService<IRateLimiterHealth>());
    }
}
