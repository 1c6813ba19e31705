using System.Collections.Concurrent;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Redis;

/// <summary>Only changes that may let a replica grant earlier than its cache assumes are announced to all replicas.</summary>
public sealed class InvalidationTests(SharedRedis shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TokenBucket Burst = new("burst", 100, 1, TimeSpan.FromHours(1));
    private static readonly RateLimitPolicy Policy = new("p", [Burst, new("trial", 10, 1, TimeSpan.FromHours(1)) { Shadow = true }]);

    // Charged first, then refunded: no replica caches a denial for a bucket of 100 that is at least a quarter full.
    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(75, 75, false)]
    [InlineData(76, 1, true)]
    [InlineData(100, 1, true)]
    [InlineData(100, 0, false)]
    [InlineData(0, 10, false)]
    public async Task Refund_OfABucket_IsAnnouncedWhereRefusalsMayBeRemembered(long charged, long refunded, bool announced)
    {
        string prefix = shared.NewPrefix();
        await using RateLimiterClient limiter = await shared.ReplicaAsync(prefix, options => options.DenyCacheEntries = 0);
        ConcurrentQueue<string> heard = await HearAsync(prefix);
        await limiter.DecideAsync([new Charge(Policy, "a", charged)]);

        await limiter.RefundAsync(new Charge(Policy, "a", refunded));
        await limiter.ResetAsync(Policy, "end");
        await Poll.UntilAsync("the last message is heard", () => heard.Contains($"{prefix}{{end}}p"), Limit);

        Assert.Equal(announced, heard.Contains($"{prefix}{{a}}p"));
    }

    // A shadow denies no request.
    [Fact]
    public async Task Refund_OfADrainedShadow_IsNotAnnounced()
    {
        string prefix = shared.NewPrefix();
        await using RateLimiterClient limiter = await shared.ReplicaAsync(prefix, options => options.DenyCacheEntries = 0);
        ConcurrentQueue<string> heard = await HearAsync(prefix);
        await limiter.DecideAsync([new Charge(Policy, "a", 10)]);

        await limiter.RefundAsync(new Charge(Policy, "a", 5));
        await limiter.ResetAsync(Policy, "end");
        await Poll.UntilAsync("the last message is heard", () => heard.Contains($"{prefix}{{end}}p"), Limit);

        Assert.DoesNotContain($"{prefix}{{a}}p", heard);
    }

    // Whatever the level, a refusal that one replica remembers never outlasts a refund on another one.
    [Fact]
    public async Task Refund_OnAnotherReplica_IsGrantedAtOnceWhateverWasRefused()
    {
        string prefix = shared.NewPrefix();
        await using RateLimiterClient one = await shared.ReplicaAsync(prefix), other = await shared.ReplicaAsync(prefix);
        RateLimitPolicy policy = new("p", [Burst]);
        await Poll.UntilAsync("both remember refusals", async () => await RemembersAsync(one) && await RemembersAsync(other), Limit);
        for (var charged = 5; charged <= 100; charged += 5)
        {
            Charge charge = new(policy, $"c{charged}");
            await one.DecideAsync([charge with { Cost = charged }]);
            long left = 100 - charged;
            Assert.False((await other.DecideAsync([charge with { Cost = left + 5 }])).IsAllowed);
            Assert.False((await other.DecideAsync([charge with { Cost = left + 5 }])).IsAllowed);

            await one.RefundAsync(charge with { Cost = 5 });

            await Poll.UntilAsync(
                "the other grants", async () => (await other.DecideAsync([charge with { Cost = left + 5 }])).IsAllowed,
                TimeSpan.FromSeconds(2));
        }

        async Task<bool> RemembersAsync(RateLimiterClient limiter)
        {
            Charge drained = new(policy, "drained", Cost: 100);
            await limiter.DecideAsync([drained]);
            await limiter.DecideAsync([drained with { Cost = 1 }]);
            return (await limiter.DecideAsync([drained with { Cost = 1 }])).Source == DecisionSource.DenyCache;
        }
    }

    private async Task<ConcurrentQueue<string>> HearAsync(string prefix)
    {
        ConcurrentQueue<string> heard = new();
        ISubscriber subscriber = (await shared.ConnectionAsync()).GetSubscriber();
        await subscriber.SubscribeAsync(RedisChannel.Literal($"{prefix}raised"), (_, message) => heard.Enqueue(message.ToString()));
        return heard;
    }
}
