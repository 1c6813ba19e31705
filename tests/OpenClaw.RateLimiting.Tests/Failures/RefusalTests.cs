using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Failures;

/// <summary>A redis-server that answers with errors: each error is handled like an outage and logged once.</summary>
[Collection(FailureTests.Name)]
public sealed class RefusalTests
{
    private static readonly TimeSpan Outage = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Loading_TakesItsTime_IsBridgedUntilTheDataIsThere()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        await server.ExecuteAsync("EVAL", "for i = 1, 8000 do redis.call('SET', 'k' .. i, 'v') end", "0");
        await server.ExecuteAsync("SAVE");
        await using Replica a = await Replica.StartAsync(server.ConnectionString);
        await using Traffic traffic = await Traffic.StartAsync(a);

        // 8000 keys, each late: about a second, in which the server answers LOADING.
        await server.RestartAsync(["--key-load-delay", "50", "--loading-process-events-interval-bytes", "1024"], waitUntilReady: false);
        await traffic.UntilAsync(DecisionSource.Local);
        await Poll.UntilAsync("the data is loaded", async () => await server.ExecuteAsync("PING") == "PONG", TimeSpan.FromSeconds(10));
        await traffic.RecoversAsync();

        await traffic.StopAsync(bursts: 2);
        a.AssertOneOutage(traffic, "connection", "loading");
    }

    [Fact]
    public async Task ReadOnly_AfterBecomingAReplica_IsBridgedUntilItIsAMasterAgain()
    {
        Requires.RedisServer();
        await using RedisServer master = await RedisServer.StartAsync();
        await using RedisServer server = await RedisServer.StartAsync();
        await BridgeAsync(
            server.ConnectionString,
            breakIt: () => server.ExecuteAsync("REPLICAOF", "127.0.0.1", $"{master.Port}"),
            mendIt: () => server.ExecuteAsync("REPLICAOF", "NO", "ONE"),
            bursts: 2,
            "readonly",
            "connection");
    }

    [Fact]
    public async Task OutOfMemory_NothingMayBeWritten_IsBridgedUntilThereIsRoom()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        await BridgeAsync(
            server.ConnectionString,
            breakIt: () => server.ExecuteAsync("CONFIG", "SET", "maxmemory", "1mb"),
            mendIt: () => server.ExecuteAsync("CONFIG", "SET", "maxmemory", "0"),
            bursts: 1,
            "outofmemory");
    }

    [Fact]
    public async Task Busy_WithAScriptThatDoesNotEnd_IsBridgedUntilItIsKilled()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync(
            new RedisServerOptions { Arguments = ["--busy-reply-threshold", "100"] });
        Task? endless = null;
        await BridgeAsync(
            server.ConnectionString,
            breakIt: () =>
            {
                endless = server.ExecuteAsync("EVAL", "while true do end", "0");
                return Task.CompletedTask;
            },
            mendIt: () => server.ExecuteAsync("SCRIPT", "KILL"),
            bursts: 1,
            "busy",
            "timeout");
        await Assert.ThrowsAsync<RespException>(() => endless!);
    }

    [Fact]
    public async Task Password_ChangedUnderTheConnection_IsBridgedUntilItIsRightAgain()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Password = "right" });
        await using Replica a = await Replica.StartAsync(server.ConnectionString);
        await using Traffic traffic = await Traffic.StartAsync(a);

        await server.RestartAsync(["--requirepass", "other"], waitUntilReady: false);
        await traffic.UntilAsync(DecisionSource.Local);
        await Task.Delay(Outage);
        Assert.NotEqual(CircuitState.Closed, a.Limiter.Health.Circuit);
        await server.RestartAsync();
        await traffic.RecoversAsync();

        await traffic.StopAsync(bursts: 2);
        a.AssertOneOutage(traffic, "connection", "noauth");
    }

    [Fact]
    public async Task MaxClients_NoConnectionLeft_IsBridgedUntilThereIsOne()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        await using Replica a = await Replica.StartAsync(server.ConnectionString);
        await using Traffic traffic = await Traffic.StartAsync(a);

        await using (await server.RefuseConnectionsAsync())
        {
            await traffic.UntilAsync(DecisionSource.Local);
            await Task.Delay(Outage);
            Assert.NotEqual(CircuitState.Closed, a.Limiter.Health.Circuit);
        }

        await traffic.RecoversAsync();
        await traffic.StopAsync();
        a.AssertOneOutage(traffic, "connection");
    }

    [Theory]
    [InlineData("LPUSH", "item")]
    [InlineData("SET", "not a state")]
    [InlineData("SET", "\u0001\u0001\u0001\u0001")]
    public async Task ForeignValue_UnderThePartitionsKey_IsReplacedAndDisturbsNobodyElse(string command, string value)
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        await using Replica a = await Replica.StartAsync(server.ConnectionString, configure: Replica.Patient);
        await using Traffic traffic = await Traffic.StartAsync(a);
        RateLimitPolicy policy = new("policy", [new TokenBucket("burst", 20, 5, TimeSpan.FromSeconds(1))]);
        await server.ExecuteAsync(command, "rl:{client}policy", value);
        int before = traffic.Count(DecisionSource.Local);

        RateLimitDecision decision = await a.Limiter.DecideAsync([new Charge(policy, "client")]);

        Assert.Equal((true, DecisionSource.Store, 19L), (decision.IsAllowed, decision.Source, decision.Buckets[0].Remaining));
        Assert.Equal("string", await server.ExecuteAsync("TYPE", "rl:{client}policy"));
        await traffic.UntilAsync(DecisionSource.Store);
        await traffic.StopAsync();
        Assert.Equal(before, traffic.Count(DecisionSource.Local));
        Assert.Empty(a.Warnings);
    }

    // A user without the right to publish can still decide, refund, reset and block; denials are then not cached.
    [Fact]
    public async Task Publish_NotPermitted_DisturbsNoOperation()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        await server.ExecuteAsync("ACL", "SETUSER", "limiter", "on", ">secret", "~*", "+@all", "resetchannels");
        await using Replica a = await Replica.StartAsync(
            $"{server.ConnectionString},user=limiter,password=secret", configure: Replica.Patient);
        RateLimitPolicy policy = new("policy", [new TokenBucket("burst", 20, 1, TimeSpan.FromHours(1))]);
        Charge charge = new(policy, "client", Cost: 20);

        Assert.True((await a.Limiter.DecideAsync([charge])).IsAllowed);
        await a.Limiter.RefundAsync(charge with { Cost = 5 });
        await a.Limiter.GrantAsync(charge with { Cost = 1 });
        Assert.Equal(6, (await a.Limiter.DecideAsync([charge with { Cost = 0 }])).Buckets[0].Remaining);
        await a.Limiter.BlockAsync(policy, "client", TimeSpan.FromHours(1));
        Assert.False((await a.Limiter.DecideAsync([charge])).IsAllowed);
        await a.Limiter.ResetAsync(policy, "client");

        RateLimitDecision afterwards = await a.Limiter.DecideAsync([charge]), refused = await a.Limiter.DecideAsync([charge]);
        Assert.Equal((true, DecisionSource.Store), (afterwards.IsAllowed, afterwards.Source));
        Assert.Equal((false, DecisionSource.Store), (refused.IsAllowed, refused.Source));
        Assert.All(a.Warnings, line => Assert.Contains("access to the channel rl:raised", line, StringComparison.Ordinal));
    }

    private static async Task BridgeAsync(
        string connectionString, Func<Task> breakIt, Func<Task> mendIt, int bursts, params string[] reasons)
    {
        await using Replica a = await Replica.StartAsync(connectionString);
        await using Traffic traffic = await Traffic.StartAsync(a);

        await breakIt();
        await traffic.UntilAsync(DecisionSource.Local);
        await Poll.UntilAsync("the circuit opens", () => a.Limiter.Health.Circuit != CircuitState.Closed, TimeSpan.FromSeconds(5));
        await Task.Delay(Outage);
        Assert.NotEqual(CircuitState.Closed, a.Limiter.Health.Circuit);
        await mendIt();
        await traffic.RecoversAsync();

        await traffic.StopAsync(bursts);
        a.AssertOneOutage(traffic, reasons);
    }
}
