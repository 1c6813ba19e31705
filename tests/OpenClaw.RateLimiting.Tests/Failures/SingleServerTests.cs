using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Failures;

/// <summary>One redis-server that crashes, hangs or is replaced, under load.</summary>
[Collection(FailureTests.Name)]
public sealed class SingleServerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Killed_AndRestartedEmpty_IsBridgedByLocalShares()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        await using Replica a = await Replica.StartAsync(server.ConnectionString, "a");
        await using Replica b = await Replica.StartAsync(server.ConnectionString, "b");
        await Poll.UntilAsync(
            "both replicas are counted", () => a.Limiter.Health.Replicas == 2 && b.Limiter.Health.Replicas == 2, Patience);
        await using Traffic traffic = await Traffic.StartAsync(a, b);

        server.Kill();
        await traffic.UntilAsync(DecisionSource.Local);
        await Task.Delay(Outage);
        Assert.All([a, b], replica => Assert.Equal((CircuitState.Open, "connection", 2), Bridging(replica)));
        await server.RestartAsync();
        await traffic.RecoversAsync();

        // An empty Redis has lost the level of the bucket, which is worth one burst and no more.
        await traffic.StopAsync(bursts: 2);
        AssertOneOutage(traffic, "connection", a, b);
    }

    [Fact]
    public async Task Paused_ConnectionsHang_AnswersInTimeAndOverAdmitsNoMoreThanOneShare()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        await using Replica a = await Replica.StartAsync(server.ConnectionString);
        await using Traffic traffic = await Traffic.StartAsync(a);

        server.Pause();
        await traffic.UntilAsync(DecisionSource.Local);
        await Task.Delay(Outage);
        server.Resume();
        await traffic.RecoversAsync();

        await traffic.StopAsync();
        AssertOneOutage(traffic, "timeout", a);
    }

    [Fact]
    public async Task Killed_AndRestartedWithItsData_KeepsTheBalances()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Persistent = true });
        await using Replica a = await Replica.StartAsync(server.ConnectionString, configure: options => options.DenyCacheEntries = 0);
        RateLimitPolicy daily = new("daily", [new TokenBucket("day", 5, 5, TimeSpan.FromDays(1))]);
        await using Traffic traffic = await Traffic.StartAsync(a);
        for (var i = 0; i < 5; i++)
        {
            Assert.True((await a.Limiter.DecideAsync([new Charge(daily, "client")])).IsAllowed);
        }

        server.Kill();
        await traffic.UntilAsync(DecisionSource.Local);
        RateLimitDecision meanwhile = await a.Limiter.DecideAsync([new Charge(daily, "client")]);
        await server.RestartAsync();
        await traffic.RecoversAsync();
        RateLimitDecision afterwards = await a.Limiter.DecideAsync([new Charge(daily, "client")]);

        Assert.Equal((false, DecisionSource.Local), (meanwhile.IsAllowed, meanwhile.Source));
        Assert.Equal((false, DecisionSource.Store), (afterwards.IsAllowed, afterwards.Source));
        await traffic.StopAsync();
        AssertOneOutage(traffic, "connection", a);
    }

    [Fact]
    public async Task Killed_SettledMeanwhile_ReplaysNothingWhenItIsBack()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Persistent = true });
        await using Replica a = await Replica.StartAsync(server.ConnectionString);
        await using Traffic traffic = await Traffic.StartAsync(a);
        Charge charge = new(new RateLimitPolicy("daily", [new TokenBucket("day", 20, 20, TimeSpan.FromDays(1))]), "client", Cost: 10);
        Assert.True((await a.Limiter.DecideAsync([charge])).IsAllowed);

        server.Kill();
        await traffic.UntilAsync(DecisionSource.Local);
        await a.Limiter.DebitAsync(charge with { Cost = 6 });
        await a.Limiter.RefundAsync(charge with { Cost = 1 });
        RateLimitDecision meanwhile = await a.Limiter.DecideAsync([charge with { Cost = 0 }]);
        await server.RestartAsync();
        await traffic.RecoversAsync();
        RateLimitDecision afterwards = await a.Limiter.DecideAsync([charge with { Cost = 0 }]);

        // What a level is remembered in steps of is less than a token.
        Assert.Equal(DecisionSource.Local, meanwhile.Source);
        Assert.InRange(meanwhile.Buckets[0].Remaining, 4, 5);
        Assert.Equal((DecisionSource.Store, 10L), (afterwards.Source, afterwards.Buckets[0].Remaining));
        await traffic.StopAsync();
    }

    [Fact]
    public async Task Flushed_ScriptsAndData_GoesOnWithoutAnOutage()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        await using Replica a = await Replica.StartAsync(server.ConnectionString, configure: Replica.Patient);
        await using Traffic traffic = await Traffic.StartAsync(a);

        int before = traffic.Count(DecisionSource.Local);
        for (var i = 0; i < 10; i++)
        {
            await server.ExecuteAsync("SCRIPT", "FLUSH");
            await server.ExecuteAsync("FLUSHALL");
            await traffic.UntilAsync(DecisionSource.Store);
        }

        await traffic.StopAsync(bursts: 11);
        Assert.Equal(before, traffic.Count(DecisionSource.Local));
        Assert.Empty(a.Warnings);
    }

    [Fact]
    public async Task NotThereAtTheStart_IsJoinedWhenItComes()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        server.Kill();
        await using Replica a = await Replica.StartAsync(server.ConnectionString, configure: options => options.AssumedReplicas = 4);
        RateLimitPolicy policy = new("policy", [new TokenBucket("burst", 20, 5, TimeSpan.FromSeconds(1))]);

        RateLimitDecision alone = await a.Limiter.DecideAsync([new Charge(policy, "client")]);
        Assert.Equal((true, DecisionSource.Local, 4L), (alone.IsAllowed, alone.Source, alone.Buckets[0].Remaining));

        await using Traffic traffic = Traffic.StartWithoutRedis(a, assumedReplicas: 4);
        await traffic.UntilAsync(DecisionSource.Local);
        await server.RestartAsync();
        await traffic.RecoversAsync();
        await traffic.StopAsync();
    }

    private static (CircuitState State, string? Reason, int Replicas) Bridging(Replica replica)
    {
        IRateLimiterHealth health = replica.Limiter.Health;
        return (health.Circuit == CircuitState.Closed ? CircuitState.Closed : CircuitState.Open, health.Reason, health.Replicas);
    }

    private static void AssertOneOutage(Traffic traffic, string reason, params IEnumerable<Replica> replicas) =>
        Assert.All(replicas, replica => replica.AssertOneOutage(traffic, reason));
}
