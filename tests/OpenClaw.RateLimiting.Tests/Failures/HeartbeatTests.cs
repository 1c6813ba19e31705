using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Failures;

/// <summary>Counting the replicas in a real Redis, and in Garnet.</summary>
[Collection(FailureTests.Name)]
public sealed class HeartbeatTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Replicas_ComeRestartAndLeave_AreCountedOnce()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        await using Replica a = await Replica.StartAsync(server.ConnectionString, "a");
        await using (await Replica.StartAsync(server.ConnectionString, "b"))
        {
            await UntilAsync(a, replicas: 2);
            await using Replica restarted = await Replica.StartAsync(server.ConnectionString, "b");
            await UntilAsync(restarted, replicas: 2);
            Assert.Equal("2", await server.ExecuteAsync("ZCARD", "rl:{~}~replicas"));
        }

        Assert.InRange(int.Parse(await server.ExecuteAsync("PTTL", "rl:{~}~replicas")), 1, 3000);
        await UntilAsync(a, replicas: 1);
    }

    [Fact]
    public async Task Replicas_OnGarnet_AreCounted()
    {
        using GarnetServer server = GarnetServer.Start();
        await using Replica a = await Replica.StartAsync(server.ConnectionString, "a");
        await using Replica b = await Replica.StartAsync(server.ConnectionString, "b");

        await UntilAsync(a, replicas: 2);
    }

    private static Task UntilAsync(Replica replica, int replicas) =>
        Poll.UntilAsync($"{replicas} replicas are counted", () => replica.Limiter.Health.Replicas == replicas, Patience);
}
