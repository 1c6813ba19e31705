using OpenClaw.RateLimiting.Tests.Failures;
using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Redis;

/// <summary>Redis through a proxy, or a client whose options exclude commands.</summary>
public sealed class ProxyTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly RateLimitPolicy Policy = new("policy", [new TokenBucket("burst", 20, 1, TimeSpan.FromHours(1))]);

    [Theory]
    [InlineData("proxy=Envoyproxy", false)]
    [InlineData("proxy=Twemproxy", false)]
    [InlineData("$PUBLISH=", false)]
    [InlineData("$SUBSCRIBE=", false)]
    [InlineData("$SCRIPT=", true)]
    [InlineData("$EVALSHA=", true)]
    [InlineData("$UNSUBSCRIBE=", true)]
    [InlineData("$TIME=,$PING=,$INFO=", true)]
    public async Task Decide_CommandsExcluded_IsMadeInRedisAndEndsWithoutAnException(string option, bool hasMessages)
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        await using Replica replica = await Replica.StartAsync($"{server.ConnectionString},{option}", configure: Replica.Patient);

        for (var left = 19; left >= 0; left--)
        {
            RateLimitDecision decision = await DecideAsync(replica);
            Assert.Equal((true, DecisionSource.Store, (long)left), (decision.IsAllowed, decision.Source, decision.Buckets[0].Remaining));
        }

        if (hasMessages)
        {
            await Poll.UntilAsync(
                "a denial comes from memory", async () => (await DecideAsync(replica)).Source == DecisionSource.DenyCache, Patience);
        }
        else
        {
            await Poll.UntilAsync("it is told", () => replica.Lines.Any(line => line.Id.Id == 3), Patience);
            Assert.Equal(DecisionSource.Store, (await DecideAsync(replica)).Source);
        }

        await replica.Limiter.ResetAsync(Policy, "client");
        Assert.True((await DecideAsync(replica)).IsAllowed);
        await replica.Limiter.DisposeAsync();
        Assert.Empty(replica.Warnings);
    }

    // A server, or what stands before it, that knows no EVALSHA, whatever the client thinks.
    [Fact]
    public async Task Decide_ServerWithoutEvalSha_IsMadeByText()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions
        {
            Arguments = ["--rename-command", "EVALSHA", "", "--rename-command", "SCRIPT", ""],
        });
        await using Replica replica = await Replica.StartAsync(server.ConnectionString, configure: Replica.Patient);

        List<long> left = [await LeftAsync(replica), await LeftAsync(replica), await LeftAsync(replica)];
        Assert.Equal([19, 18, 17], left);
        Assert.Empty(replica.Warnings);
    }

    private static async Task<long> LeftAsync(Replica replica) => (await DecideAsync(replica)).Buckets[0].Remaining;

    private static ValueTask<RateLimitDecision> DecideAsync(Replica replica) => replica.Limiter.DecideAsync([new Charge(Policy, "client")]);
}
