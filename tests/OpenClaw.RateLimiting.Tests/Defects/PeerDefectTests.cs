using System.Diagnostics;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Memory;
using OpenClaw.RateLimiting.Tests.Model;
using OpenClaw.RateLimiting.Tests.Redis;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Defects;

/// <summary>Defects observed in other limiters, each described in a comment. Defects during outages are tested in Failures.</summary>
public sealed class PeerDefectTests(SharedRedis shared)
{
    private const long Start = 1_800_000_000_000_000;

    // A script that takes the client's clock, with replicas 1 ms apart: 10 534 of 20 000 requests admitted instead of 977.
    // A replica whose clock is 10 s ahead: a full, free refill.
    [Theory]
    [InlineData(0.001)]
    [InlineData(0.002)]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task ClientClock_ReplicasWhoseClocksDiffer_AdmitNoMore(double skewSeconds)
    {
        string prefix = shared.NewPrefix();
        await using RateLimiterClient right = await shared.ReplicaAsync(prefix, o => o.DenyCacheEntries = 0);
        await using RateLimiterClient wrong = await shared.ReplicaAsync(
            prefix, o => o.DenyCacheEntries = 0, new SkewedClock(TimeSpan.FromSeconds(skewSeconds)));
        RateLimitPolicy policy = new("p", [new TokenBucket("b", 100, 1000, TimeSpan.FromSeconds(1))]);
        long start = Stopwatch.GetTimestamp();

        var admitted = 0;
        for (var i = 0; i < 40; i++)
        {
            RateLimitDecision[] decisions = await Task.WhenAll(
                Enumerable.Range(0, 50).Select(n => (n % 2 == 0 ? right : wrong).DecideAsync([new Charge(policy, "a")]).AsTask()));
            admitted += decisions.Count(decision => decision.IsAllowed);
        }

        Assert.InRange(admitted, 100, 100 + (Stopwatch.GetElapsedTime(start).TotalSeconds * 1000) + 1);
    }

    // Its script stores an older timestamp, so that the next newer one refills.
    [Fact]
    public async Task OlderTimestamp_OfAClockThatStepsBack_IsNeverStored()
    {
        ScriptClock clock = await ClockAsync();
        RateLimitPolicy policy = new("p", [new TokenBucket("b", 100, 1000, TimeSpan.FromSeconds(1))]);
        await clock.AskAsync(policy, "a", 100);
        var admitted = 0;
        for (var i = 0; i < 100; i++)
        {
            clock.Now = Start + (i % 2 == 0 ? -2000 : 0);
            admitted += (await clock.AskAsync(policy, "a")).IsAllowed ? 1 : 0;
        }

        Assert.Equal(0, admitted);
    }

    // A key that expires before the bucket is full: 1000 tokens at 10/s are full again after 3.2 s.
    [Fact]
    public async Task Expiry_SlowRefill_IsNotBeforeTheBucketIsFull()
    {
        string prefix = shared.NewPrefix();
        await using RateLimiterClient limiter = await shared.ReplicaAsync(prefix);
        IDatabase database = (await shared.ConnectionAsync()).GetDatabase();
        RateLimitPolicy policy = new(
            "p", [new TokenBucket("b", 1000, 10, TimeSpan.FromSeconds(1)), new TokenBucket("fast", 1000, 3, TimeSpan.FromMilliseconds(1))]);

        // A second longer than it takes to fill the slowest bucket, for a clock that steps back; Redis expires by whole milliseconds.
        TimeSpan least = TimeSpan.FromMilliseconds(999), most = TimeSpan.FromMilliseconds(1001);
        foreach (long cost in new[] { 1, 3, 96, 900 })
        {
            long start = Stopwatch.GetTimestamp();
            TimeSpan full = (await limiter.DecideAsync([new Charge(policy, "a", cost)])).Buckets[0].FullAfter;
            TimeSpan? expiry = await database.KeyTimeToLiveAsync($"{prefix}{{a}}p");

            Assert.InRange(expiry!.Value, full + least - Stopwatch.GetElapsedTime(start), full + most);
        }
    }

    // The absolute value of the elapsed time: a clock that is 200 ms behind admits 2000 of 2000 instead of 13.
    [Fact]
    public async Task ElapsedTime_Negative_RefillsNothing()
    {
        ScriptClock clock = await ClockAsync();
        RateLimitPolicy policy = new("p", [new TokenBucket("b", 10, 100, TimeSpan.FromSeconds(1))]);
        await clock.AskAsync(policy, "a", 10);
        clock.Now -= 200_000;

        Assert.False((await clock.AskAsync(policy, "a")).IsAllowed);
    }

    // A clock of whole seconds: 199 admitted within 30 ms instead of 103, once the second turns.
    [Fact]
    public async Task WholeSeconds_TheSecondTurns_RefillsOnlyWhatHasPassed()
    {
        ScriptClock clock = await ClockAsync();
        RateLimitPolicy policy = new("p", [new TokenBucket("b", 100, 100, TimeSpan.FromSeconds(1))]);
        clock.Now = Start + 985_000;
        var admitted = 0;
        for (var millisecond = 0; millisecond < 30; millisecond++)
        {
            for (var i = 0; i < 10; i++)
            {
                admitted += (await clock.AskAsync(policy, "a")).IsAllowed ? 1 : 0;
            }

            clock.Now += 1000;
        }

        Assert.Equal(102, admitted);
    }

    // 100 denied calls push a bucket from -40 to -140.
    [Fact]
    public async Task Denial_RepeatedHundredTimes_OwesNothing()
    {
        ScriptClock clock = await ClockAsync();
        RateLimitPolicy policy = new("p", [new TokenBucket("b", 10, 1, TimeSpan.FromSeconds(1))]);
        await clock.AskAsync(policy, "a", 10);
        for (var i = 0; i < 100; i++)
        {
            await clock.AskAsync(policy, "a", 5);
        }

        clock.Now += 1_000_000;

        Assert.True((await clock.AskAsync(policy, "a")).IsAllowed);
    }

    // Fractions of a token that a double or a whole step loses.
    [Fact]
    public async Task Drift_MillionRefillsOfAThird_AddUp()
    {
        long now = Start;
        RateLimiterClient limiter = new(
            new MemoryDecisionStore(() => now), new RedisRateLimiterOptions { Lanes = 1 }, TimeProvider.System);
        RateLimitPolicy policy = new("p", [new TokenBucket("b", 1, 1, TimeSpan.FromSeconds(3))]);
        Charge[] charges = [new Charge(policy, "a")];
        await limiter.DecideAsync(charges);
        for (var i = 1; i <= 1_000_000; i++)
        {
            now += 1_000_000;
            Assert.Equal(i % 3 == 0, (await limiter.DecideAsync(charges)).IsAllowed);
        }
    }

    // The cache of denials stays wrong after a limit is raised.
    [Fact]
    public async Task DenyCache_LimitRaised_IsNotWrongAfterwards()
    {
        await using RateLimiterClient limiter = await shared.ReplicaAsync(shared.NewPrefix());
        RateLimitPolicy policy = new("p", [new TokenBucket("b", 2, 1, TimeSpan.FromHours(1))]), raised = new(
            "p", [new TokenBucket("b", 2, 1, TimeSpan.FromMilliseconds(1))]);
        await limiter.DecideAsync([new Charge(policy, "a", 2)]);
        await CachedAsync(limiter, policy);

        // The cache would go on refusing for ten seconds.
        await Poll.UntilAsync(
            "the raised limit grants", async () => (await limiter.DecideAsync([new Charge(raised, "a")])).IsAllowed,
            TimeSpan.FromSeconds(5));
    }

    // No way to reset one client; here on every replica at once, whatever they have cached.
    [Fact]
    public async Task Reset_OneClient_TakesEffectOnEveryReplica()
    {
        string prefix = shared.NewPrefix();
        await using RateLimiterClient one = await shared.ReplicaAsync(prefix), other = await shared.ReplicaAsync(prefix);
        RateLimitPolicy policy = new("p", [new TokenBucket("b", 2, 1, TimeSpan.FromHours(1))]);
        foreach (Func<Task> raise in new Func<Task>[]
        {
            () => one.ResetAsync(policy, "a"),
            () => one.RefundAsync(new Charge(policy, "a")).AsTask(),
            () => one.GrantAsync(new Charge(policy, "a")),
            async () =>
            {
                await one.BlockAsync(policy, "a", TimeSpan.FromHours(1));
                Assert.False((await other.DecideAsync([new Charge(policy, "a", 0)])).IsAllowed);
                await one.UnblockAsync(policy, "a");
                await one.ResetAsync(policy, "a");
            },
        })
        {
            await other.DebitAsync(new Charge(policy, "a", 2));
            await CachedAsync(other, policy);

            await raise();

            await Poll.UntilAsync(
                "the other replica grants", async () => (await other.DecideAsync([new Charge(policy, "a")])).IsAllowed,
                TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public async Task Unblock_OneClient_TakesEffectOnEveryReplica()
    {
        string prefix = shared.NewPrefix();
        await using RateLimiterClient one = await shared.ReplicaAsync(prefix), other = await shared.ReplicaAsync(prefix);
        RateLimitPolicy policy = new("p", [new TokenBucket("b", 2, 1, TimeSpan.FromHours(1))]);
        await one.BlockAsync(policy, "a", TimeSpan.FromHours(1));
        await CachedAsync(other, policy);

        await one.UnblockAsync(policy, "a");

        await Poll.UntilAsync(
            "the other replica grants", async () => (await other.DecideAsync([new Charge(policy, "a")])).IsAllowed,
            TimeSpan.FromSeconds(5));
    }

    // Two keys of one decision in different slots: CROSSSLOT.
    [Fact]
    public async Task Cluster_ChargesInSeveralSlots_AreDecidedAllOrNothing()
    {
        Requires.RedisServer();
        await using ClusterDeployment cluster = await ClusterDeployment.StartAsync();
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(
            $"{cluster.ConnectionString},asyncTimeout=20000");
        await using RateLimiterClient limiter = new(
            redis, new RedisRateLimiterOptions { Deadline = TimeSpan.FromSeconds(10) }, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, new TestMeterFactory());
        RateLimitPolicy address = new(
            "address", [new TokenBucket("b", 40, 1, TimeSpan.FromHours(1)), new TokenBucket(
                "s", 2, 1, TimeSpan.FromHours(1)) { Shadow = true }]);
        RateLimitPolicy client = new("client", [new TokenBucket("b", 25, 1, TimeSpan.FromHours(1))]);

        RateLimitDecision[] decisions = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            limiter.DecideAsync([new Charge(address, $"10.0.0.{i % 5}"), new Charge(client, "x")]).AsTask()));

        // 25 of the client, spread over addresses; what was refused is given back to them.
        Assert.Equal(25, decisions.Count(decision => decision.IsAllowed));
        Assert.All(
            decisions.Where(decision => !decision.IsAllowed && decision.Source == DecisionSource.Store), decision => Assert.Equal(
                2, decision.RefusedBy));
        int paidByShadow = decisions.Count(decision => decision.IsAllowed && !decision.Buckets[1].IsInsufficient);
        await Poll.UntilAsync("refused charges are given back, to who paid them", async () =>
        {
            RateLimitDecision[] left = await Task.WhenAll(
                Enumerable.Range(0, 5).Select(i => limiter.DecideAsync([new Charge(address, $"10.0.0.{i}", 0)]).AsTask()));
            return (left.Sum(one => one.Buckets[0].Remaining), left.Sum(one => one.Buckets[1].Remaining)) == (200 - 25, 10 - paidByShadow);
        }, TimeSpan.FromSeconds(10));
    }

    // Until a denial comes from memory: the cache is used once the replica receives its own messages.
    private static Task CachedAsync(RateLimiterClient limiter, RateLimitPolicy policy)
        => Poll.UntilAsync(
            "a denial is cached", async () => (await limiter.DecideAsync([new Charge(policy, "a")])).Source == DecisionSource.DenyCache,
            TimeSpan.FromSeconds(10));

    private async Task<ScriptClock> ClockAsync() => new(await shared.ConnectionAsync(), shared.NewPrefix()) { Now = Start };
}
