using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Redis;

/// <summary>Several lanes on one Redis: side by side, in order within each, and as exact as one.</summary>
public sealed class BatchQueueTests(SharedRedis shared)
{
    private const int Lanes = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly RateLimitPolicy Address = new("address", [new TokenBucket("burst", 1000, 1, TimeSpan.FromHours(1))]);
    private static readonly RateLimitPolicy Client = new("client", [new TokenBucket("burst", 500, 1, TimeSpan.FromHours(1))]);

    [Theory]
    [InlineData(1)]
    [InlineData(Lanes)]
    public async Task Decide_DifferentPartitions_GoOutSideBySideInTheirLanes(int lanes)
    {
        ConnectionMultiplexer redis = await shared.ConnectionAsync();
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var underWay = 0;
        IConnectionMultiplexer holding =
            HeldRedis.Over(redis, (method, arguments) => method.Name == nameof(IDatabase.ScriptEvaluateRespAsync)
            ? HoldAsync((Task<RespResult>)method.Invoke(redis.GetDatabase(), arguments)!)
            : null);
        RedisRateLimiterOptions options = new() { KeyPrefix = shared.NewPrefix(), Deadline = TimeSpan.FromSeconds(10), Lanes = lanes };
        await using RateLimiterClient limiter = new(
            holding, options, TimeProvider.System, NullLoggerFactory.Instance, new TestMeterFactory());

        // One of each lane goes out, whichever partitions they are; the others wait for it.
        Task<RateLimitDecision>[] asked =
            [.. Enumerable.Range(0, 50).Select(i => limiter.DecideAsync([new Charge(Address, $"{i}")]).AsTask())];

        await Poll.UntilAsync($"{lanes} calls are under way", () => Volatile.Read(ref underWay) == lanes, Limit);
        open.SetResult();
        Assert.All(
            await Task.WhenAll(asked).WaitAsync(Limit), decision => Assert.Equal(
                (DecisionSource.Store, 999L), (decision.Source, decision.Buckets[0].Remaining)));

        async Task<RespResult> HoldAsync(Task<RespResult> answer)
        {
            Interlocked.Increment(ref underWay);
            await open.Task;
            return await answer;
        }
    }

    [Fact]
    public async Task Decide_SameFirstPartition_IsServedInOrderOfArrival()
    {
        await using RateLimiterClient limiter = await FourLanesAsync();

        Task<RateLimitDecision>[] asked =
            [.. Enumerable.Range(0, 2000).Select(i => limiter.DecideAsync([new Charge(Address, i % 4 == 0 ? "a" : $"{i % 7}")]).AsTask())];
        RateLimitDecision[] decisions = await Task.WhenAll(asked).WaitAsync(Limit);

        Assert.Equal(
            Enumerable.Range(0, 500).Select(i => 999L - i), decisions.Where((_, i) => i % 4 == 0).Select(
                decision => decision.Buckets[0].Remaining));
    }

    // A client on many addresses: its decisions come through every lane.
    [Fact]
    public async Task Decide_OnePartitionThroughAllLanes_AdmitsExactlyWhatItHolds()
    {
        await using RateLimiterClient limiter = await FourLanesAsync();
        var admitted = new int[20];

        await Task.WhenAll(Enumerable.Range(0, admitted.Length).Select(async address =>
        {
            for (var i = 0; i < 50; i++)
            {
                RateLimitDecision decision = await limiter.DecideAsync([new Charge(Address, $"{address}"), new Charge(Client, "x")]);
                Assert.Equal(DecisionSource.Store, decision.Source);
                admitted[address] += decision.IsAllowed ? 1 : 0;
            }
        })).WaitAsync(Limit);

        Assert.Equal(500, admitted.Sum());
        for (var address = 0; address < admitted.Length; address++)
        {
            Assert.Equal(
                1000 - admitted[address], (await limiter.DecideAsync([new Charge(Address, $"{address}", 0)])).Buckets[0].Remaining);
        }
    }

    private Task<RateLimiterClient> FourLanesAsync() => shared.ReplicaAsync(shared.NewPrefix(), options =>
    {
        options.Lanes = Lanes;
        options.DenyCacheEntries = 0;
    });
}
