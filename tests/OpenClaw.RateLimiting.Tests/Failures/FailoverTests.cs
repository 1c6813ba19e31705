using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Failures;

/// <summary>A master fails, and another server takes its place.</summary>
[Collection(FailureTests.Name)]
public sealed class FailoverTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Sentinel_MasterKilled_IsBridgedUntilTheNewOneDecides()
    {
        Requires.RedisServer();
        await using SentinelDeployment deployment = await SentinelDeployment.StartAsync();
        await using Replica a = await Replica.StartAsync(deployment.ConnectionString);
        await using Traffic traffic = await Traffic.StartAsync(a);

        RedisServer old = deployment.Servers[0];
        old.Kill();
        await traffic.UntilAsync(DecisionSource.Local);
        await Poll.UntilAsync(
            "another master is elected", async () => await deployment.FindMasterAsync() is { } master && master != old, Patience);
        await traffic.RecoversAsync();

        await traffic.StopAsync();
        a.AssertOneOutage(traffic, "connection", "readonly");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cluster_MasterKilledOrHanging_OthersGoOnAndItsReplicaTakesOver(bool hangs)
    {
        Requires.RedisServer();
        await using ClusterDeployment cluster = await ClusterDeployment.StartAsync();
        await using Replica a = await Replica.StartAsync(cluster.ConnectionString);
        await using Traffic traffic = await Traffic.StartAsync(a);
        RateLimitPolicy policy = new("policy", [new TokenBucket("burst", 20, 5, TimeSpan.FromSeconds(1))]);
        string[] clients = await ClientOfEachMasterAsync(cluster);

        if (hangs)
        {
            cluster.Nodes[0].Pause();
        }
        else
        {
            cluster.Nodes[0].Kill();
        }

        await UntilAsync(clients[0], DecisionSource.Local);
        await UntilAsync(clients[2], DecisionSource.Store);
        await Poll.UntilAsync("its replica takes over", async () =>
            (await cluster.Nodes[3].ExecuteAsync("CLUSTER", "INFO")).Contains("cluster_state:ok", StringComparison.Ordinal)
            && (await cluster.Nodes[3].ExecuteAsync("ROLE")).StartsWith("master", StringComparison.Ordinal), Patience);
        TimeSpan took = await UntilAsync(clients[0], DecisionSource.Store);

        Assert.True(took <= TimeSpan.FromSeconds(1), $"Decisions came back to Redis only after {took.TotalMilliseconds:0} ms.");
        await Poll.UntilAsync("all circuits are closed", () => a.Limiter.Health.Circuit == CircuitState.Closed, TimeSpan.FromSeconds(1));
        await traffic.StopAsync();
        a.AssertOneOutage(traffic, "connection", "timeout", "clusterdown");

        Task<TimeSpan> UntilAsync(string client, DecisionSource source) => Poll.UntilAsync(
            $"{source} decides for {client}", async () => (await a.Limiter.DecideAsync(
                [new Charge(policy, client, Cost: 0)])).Source == source, Patience);
    }

    [Fact]
    public async Task Cluster_SlotMovesUnderLoad_IsFollowedThroughAskAndMoved()
    {
        Requires.RedisServer();
        await using ClusterDeployment cluster = await ClusterDeployment.StartAsync();
        await using Replica a = await Replica.StartAsync(cluster.ConnectionString, configure: Replica.Patient);
        await using Traffic traffic = await Traffic.StartAsync(a);
        int slot = await cluster.SlotOfAsync($"{{{Traffic.Greedy}}}");
        RedisServer from =
            cluster.Nodes[slot * 3 / ClusterDeployment.Slots], to = cluster.Nodes[(slot * 3 / ClusterDeployment.Slots + 1) % 3];
        int before = traffic.Count(DecisionSource.Local);

        await cluster.MoveSlotAsync(slot, from, to, pause: TimeSpan.FromMilliseconds(500));
        RateLimitPolicy later = new("later", [new TokenBucket("burst", 20, 5, TimeSpan.FromSeconds(1))]);
        RateLimitDecision moved = await a.Limiter.DecideAsync([new Charge(later, Traffic.Greedy)]);
        await traffic.UntilAsync(DecisionSource.Store);

        // A call to a slot on the move takes three round trips, and the client asks once for the new map of the slots: with this replica's
        // deadline it waits for all of that.
        await traffic.StopAsync(deadline: TimeSpan.FromMilliseconds(500));
        Assert.Equal((DecisionSource.Store, 19L), (moved.Source, moved.Buckets[0].Remaining));
        Assert.Empty(a.Warnings);
        Assert.Equal(before, traffic.Count(DecisionSource.Local));
        string keys = await to.ExecuteAsync("CLUSTER", "GETKEYSINSLOT", $"{slot}", "10");
        Assert.Contains("tight", keys);
        Assert.Contains("later", keys);
    }

    private static async Task<string[]> ClientOfEachMasterAsync(ClusterDeployment cluster)
    {
        var clients = new string[3];
        for (var i = 0; clients.Any(client => client is null); i++)
        {
            clients[await cluster.SlotOfAsync($"{{c{i}}}") * 3 / ClusterDeployment.Slots] = $"c{i}";
        }

        return clients;
    }
}
