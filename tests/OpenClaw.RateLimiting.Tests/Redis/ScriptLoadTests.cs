using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Redis;
using OpenClaw.RateLimiting.Tests.Fallback;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Redis;

/// <summary>The script is called by its hash, and sent only to a server that does not know it.</summary>
public sealed class ScriptLoadTests(SharedRedis shared)
{
    private static readonly RateLimitPolicy Policy = new("p", [new TokenBucket("burst", 20, 1, TimeSpan.FromHours(1))]);

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public async Task Decide_OnRedis_SendsTheTextOnceAndAgainAfterAFlush(int slot)
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        await CheckAsync(server.ConnectionString, slot);
    }

    [Fact]
    public async Task Decide_OnGarnet_SendsTheTextOnceAndAgainAfterAFlush()
    {
        using GarnetServer server = GarnetServer.Start();
        await CheckAsync(server.ConnectionString, slot: -1);
    }

    [Fact]
    public async Task Decide_AfterScriptFlush_StaysInRedis()
    {
        ConnectionMultiplexer redis = await shared.ConnectionAsync();
        await using RateLimiterClient limiter = await shared.ReplicaAsync(shared.NewPrefix());
        await limiter.DecideAsync([new Charge(Policy, "a", 10)]);
        await redis.GetServers()[0].ScriptFlushAsync();

        RateLimitDecision decision = await limiter.DecideAsync([new Charge(Policy, "a")]);

        Assert.Equal(DecisionSource.Store, decision.Source);
        Assert.Equal(9, decision.Buckets[0].Remaining);
    }

    private static async Task CheckAsync(string connectionString, int slot)
    {
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(
            $"{connectionString},allowAdmin=true,asyncTimeout=20000");
        List<string> sent = [];
        IConnectionMultiplexer noting = HeldRedis.Over(redis, (method, arguments) =>
        {
            if (method.Name.StartsWith("ScriptEvaluate", StringComparison.Ordinal))
            {
                sent.Add(arguments[0] as string == DecisionScript.Text ? "text" : "hash");
            }

            return null;
        });
        RedisDecisionStore store = new(noting, new RedisNames("t:"), TimeProvider.System);

        long[] left = [await LeftAfterAsync(), await LeftAfterAsync(), await LeftAfterAsync()];
        Assert.Equal(["hash", "text", "hash", "hash"], sent);
        sent.Clear();
        await redis.GetServers()[0].ScriptFlushAsync();

        // A call that is refused because the script is missing has had no effect, so each decision is charged once.
        left = [.. left, await LeftAfterAsync(), await LeftAfterAsync()];
        Assert.Equal(["hash", "text", "hash"], sent);
        Assert.Equal([19, 18, 17, 16, 15], left);

        async Task<long> LeftAfterAsync()
        {
            PendingDecision pending = Batches.Pending(TimeProvider.System, new Charge(Policy, "a"));
            await store.DecideAsync(Batches.Of(pending, slot), CancellationToken.None);
            return pending.Decision.Buckets[0].Remaining;
        }
    }
}
