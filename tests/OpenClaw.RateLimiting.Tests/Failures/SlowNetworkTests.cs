using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Failures;

/// <summary>A healthy Redis behind a slow network.</summary>
[Collection(FailureTests.Name)]
public sealed class SlowNetworkTests
{
    private readonly RateLimitPolicy _policy = new("policy", [new TokenBucket("burst", 20, 1, TimeSpan.FromDays(1))]);

    [Fact]
    public async Task LateAnswers_AreIgnoredAndChargeRedisOnce()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultyProxy proxy = FaultyProxy.Start(server.Port);
        await using Replica a = await Replica.StartAsync($"127.0.0.1:{proxy.Port}", configure: options => options.CircuitThreshold = 1000);
        await using Traffic traffic = await Traffic.StartAsync(a);

        proxy.Delay = TimeSpan.FromMilliseconds(150);
        for (var i = 0; i < 3; i++)
        {
            // Alone in its lane's batch or not: it was sent, and answered here.
            Assert.Equal(DecisionSource.Local, (await a.Limiter.DecideAsync([new Charge(_policy, "client")])).Source);
        }

        proxy.Delay = TimeSpan.Zero;
        await traffic.RecoversAsync();
        RateLimitDecision afterwards = await a.Limiter.DecideAsync([new Charge(_policy, "client", Cost: 0)]);

        // At most what was sent, and nothing sent twice.
        Assert.Equal(DecisionSource.Store, afterwards.Source);
        Assert.InRange(afterwards.Buckets[0].Remaining, 17, 20);
        await traffic.StopAsync();
    }

    [Fact]
    public async Task Silence_OnAnOpenConnection_IsBridgedAndNothingIsSentAgain()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultyProxy proxy = FaultyProxy.Start(server.Port);
        await using Replica a = await Replica.StartAsync($"127.0.0.1:{proxy.Port}");
        await using Traffic traffic = await Traffic.StartAsync(a);

        proxy.SwallowReplies = true;
        await Poll.UntilAsync("the circuit opens", () => a.Limiter.Health.Circuit != CircuitState.Closed, TimeSpan.FromSeconds(5));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(DecisionSource.Local, (await a.Limiter.DecideAsync([new Charge(_policy, "client")])).Source);
        }

        proxy.SwallowReplies = false;
        proxy.Cut();
        await traffic.RecoversAsync();

        RateLimitDecision afterwards = await a.Limiter.DecideAsync([new Charge(_policy, "client", Cost: 0)]);
        Assert.Equal((DecisionSource.Store, 20L), (afterwards.Source, afterwards.Buckets[0].Remaining));
        await traffic.StopAsync();
        a.AssertOneOutage(traffic, "timeout");
    }
}
