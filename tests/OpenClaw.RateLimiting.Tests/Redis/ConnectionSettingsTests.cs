using OpenClaw.RateLimiting.Tests.Failures;
using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Redis;

/// <summary>Settings of a connection string that do not fit the server or the limiter.</summary>
public sealed class ConnectionSettingsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly RateLimitPolicy Policy = new("policy", [new TokenBucket("burst", 1, 1, TimeSpan.FromHours(1))]);

    [Fact]
    public async Task ChannelPrefix_InTheConnectionString_IsIgnoredAndDenialsAreCached()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        await using Replica replica = await Replica.StartAsync($"{server.EndPoint},channelPrefix=app:", "a", Replica.Patient);

        await Poll.UntilAsync(
            "a denial comes from memory", async () => (await DecideAsync(replica)).Source == DecisionSource.DenyCache, Patience);
    }

    [Fact]
    public async Task Tls_ServerWithoutIt_NoPasswordIsBlamed()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        await using Replica replica = await Replica.StartAsync($"{server.EndPoint},ssl=true");
        var polls = 0;

        // The client's reason depends on how far its current attempt has come.
        HashSet<string?> reasons = [];
        await Poll.UntilAsync("several probes have failed", async () =>
        {
            await DecideAsync(replica);
            reasons.Add(replica.Limiter.Health.Reason);
            return ++polls > 60 && reasons.Count > 1;
        }, Patience);

        Assert.Subset(new HashSet<string?> { null, "connection", "timeout" }, reasons);
    }

    private static ValueTask<RateLimitDecision> DecideAsync(Replica replica) => replica.Limiter.DecideAsync([new Charge(Policy, "client")]);
}
