using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Redis;

/// <summary>How many commands decisions take.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public async Task Charge_HotKeyWith64Waiting_TakesATenthOfACommandPerDecision()
    {
        await using RedisServer server = await StartOwnAsync();
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync($"{server.ConnectionString},allowAdmin=true");
        await using RateLimiterClient limiter = new(
            redis, new RedisRateLimiterOptions { Deadline = TimeSpan.FromSeconds(10) }, TimeProvider.System, NullLoggerFactory.Instance,
            new TestMeterFactory());
        RateLimitPolicy policy = new("hot", [new TokenBucket("b", 1_000_000, 1_000_000, TimeSpan.FromSeconds(1))]);
        RateLimitDecision first = await limiter.DecideAsync([new Charge(policy, "hot")]);
        Assert.Equal(DecisionSource.Store, first.Source);
        long before = await CallsAsync(redis);

        await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.True((await limiter.DecideAsync([new Charge(policy, "hot")])).IsAllowed);
            }
        }));

        Assert.InRange(await CallsAsync(redis) - before, 64, 640);
    }

    private static async Task<RedisServer> StartOwnAsync()
    {
        Requires.RedisServer();
        return await RedisServer.StartAsync();
    }

    private static async Task<long> CallsAsync(IConnectionMultiplexer redis)
    {
        string stats = (await redis.GetServers()[0].InfoRawAsync("commandstats"))!;
        return stats.Split('\n').Where(line => line.StartsWith("cmdstat_eval", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split("calls=")[1].Split(',')[0], CultureInfo.InvariantCulture));
    }
}
