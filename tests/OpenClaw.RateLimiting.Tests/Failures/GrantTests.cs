using Microsoft.Extensions.DependencyInjection;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Redis;
using OpenClaw.RateLimiting.Tests.Redis;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Failures;

public sealed class GrantTests(SharedRedis shared)
{
    private static readonly RateLimitPolicy Policy = new("p", [new TokenBucket("b", 20, 1, TimeSpan.FromHours(1))]);

    [Fact]
    public async Task Grant_DrainedPartition_PaysOnEveryReplicaUpToCapacity()
    {
        string prefix = shared.NewPrefix();
        await using RateLimiterClient one = await shared.ReplicaAsync(prefix), other = await shared.ReplicaAsync(prefix);
        await other.DebitAsync(new Charge(Policy, "a", 20));

        await one.GrantAsync(new Charge(Policy, "a", 3));
        Assert.Equal(3, (await other.DecideAsync([new Charge(Policy, "a", 0)])).Buckets[0].Remaining);
        await one.GrantAsync(new Charge(Policy, "a", 1_000_000));
        Assert.Equal(20, (await other.DecideAsync([new Charge(Policy, "a", 0)])).Buckets[0].Remaining);
    }

    // A grant by one replica alone would be unknown to the others, and the operator, who sees a failure, would grant it again.
    [Fact]
    public async Task Grant_WithoutRedis_FailsAndGivesNothing()
    {
        ConfigurationOptions nobody = ConfigurationOptions.Parse($"127.0.0.1:{LoopbackPort.Free()}");
        RedisConnection.Configure(nobody);
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(nobody);
        await using ServiceProvider services = new ServiceCollection()
            .AddRedisRateLimiter(_ => redis).BuildServiceProvider();
        RateLimiterClient limiter = services.GetRequiredService<RateLimiterClient>();
        Assert.True((await limiter.DecideAsync([new Charge(Policy, "a", 20)])).IsAllowed);

        await Assert.ThrowsAsync<RateLimitStoreException>(() => limiter.GrantAsync(new Charge(Policy, "a", 20)));
        Assert.False((await limiter.DecideAsync([new Charge(Policy, "a")])).IsAllowed);

        // A refund is best effort.
        await limiter.RefundAsync(new Charge(Policy, "a"));
        Assert.True((await limiter.DecideAsync([new Charge(Policy, "a")])).IsAllowed);
    }
}
