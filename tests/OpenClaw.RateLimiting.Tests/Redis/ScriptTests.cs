using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Tests.Model;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Redis;

/// <summary>Effects of the script on Redis at chosen times of its clock.</summary>
public sealed class ScriptTests(SharedRedis shared)
{
    private const long Start = 1_800_000_000_000_000;
    private const long Second = 1_000_000;

    private static readonly RateLimitPolicy Default = new("default", [new TokenBucket("burst", 20, 5, TimeSpan.FromSeconds(1))]);
    private static readonly RateLimitPolicy Two = new(
        "two", [new TokenBucket("burst", 4, 1, TimeSpan.FromSeconds(1)), new TokenBucket("daily", 6, 6, TimeSpan.FromDays(1))]);

    [Fact]
    public async Task Charge_SeveralBuckets_TakesFromAllInOneKey()
    {
        (ScriptClock clock, IDatabase database, string prefix) = await NewAsync();

        RateLimitDecision decision = await clock.AskAsync(Two, "a", 3);

        Assert.Equal([1, 3], decision.Buckets.Select(bucket => bucket.Remaining));
        Assert.True(await database.KeyExistsAsync($"{prefix}{{a}}two"));
        Assert.Equal(RedisType.String, await database.KeyTypeAsync($"{prefix}{{a}}two"));
    }

    [Fact]
    public async Task Charge_OneBucketRefuses_ChargesNoneAndSaysWhich()
    {
        (ScriptClock clock, _, _) = await NewAsync();
        await clock.AskAsync(Two, "a", 4);
        clock.Now += 4 * Second;

        RateLimitDecision refused = await clock.AskAsync(Two, "a", 4);
        RateLimitDecision smaller = await clock.AskAsync(Two, "a", 2);

        Assert.False(refused.IsAllowed);
        Assert.Equal(1, refused.RefusedBy);
        Assert.Equal([4, 2], refused.Buckets.Select(bucket => bucket.Remaining));
        Assert.True(smaller.IsAllowed);
    }

    [Fact]
    public async Task Charge_Refused_WritesNothing()
    {
        (ScriptClock clock, IDatabase database, string prefix) = await NewAsync();
        await clock.AskAsync(Default, "a", 20);
        byte[]? before = await database.StringGetAsync($"{prefix}{{a}}default");
        clock.Now += 10;

        await clock.AskAsync(Default, "a");
        await clock.AskAsync(Default, "a", 0);

        Assert.Equal(before, (byte[]?)await database.StringGetAsync($"{prefix}{{a}}default"));
    }

    [Fact]
    public async Task Probe_OfAnUnknownPartition_WritesNothing()
    {
        (ScriptClock clock, IDatabase database, string prefix) = await NewAsync();

        RateLimitDecision probe = await clock.AskAsync(Default, "a", 0);

        Assert.True(probe.IsAllowed);
        Assert.Equal(20, probe.Buckets[0].Remaining);
        Assert.False(await database.KeyExistsAsync($"{prefix}{{a}}default"));
    }

    [Fact]
    public async Task Charge_AboveCapacity_IsRefusedForEverAndSaysSo()
    {
        (ScriptClock clock, _, _) = await NewAsync();

        RateLimitDecision decision = await clock.AskAsync(Default, "a", 21);

        Assert.False(decision.IsAllowed);
        Assert.Equal(Timeout.InfiniteTimeSpan, decision.RetryAfter);
        Assert.Equal(20, decision.Buckets[0].Remaining);
    }

    [Fact]
    public async Task Charge_ShadowBucketLacks_AllowsMarksAndChargesTheOthers()
    {
        (ScriptClock clock, _, _) = await NewAsync();
        RateLimitPolicy policy = new(
            "s", [new TokenBucket("real", 10, 1, TimeSpan.FromSeconds(1)), new TokenBucket(
                "trial", 2, 1, TimeSpan.FromSeconds(1)) { Shadow = true }]);

        RateLimitDecision decision = await clock.AskAsync(policy, "a", 3);

        Assert.True(decision.IsAllowed);
        Assert.Null(decision.RefusedBy);
        Assert.Equal([(7, false), (2, true)], decision.Buckets.Select(bucket => (bucket.Remaining, bucket.IsInsufficient)));
    }

    [Fact]
    public async Task Charge_TimesOfTheAnswer_AreExact()
    {
        (ScriptClock clock, _, _) = await NewAsync();
        RateLimitPolicy policy = new("p", [new TokenBucket("b", 2, 3, TimeSpan.FromSeconds(1))]);
        await clock.AskAsync(policy, "a", 2);

        RateLimitDecision refused = await clock.AskAsync(policy, "a");
        clock.Now += 333_333;
        RateLimitDecision early = await clock.AskAsync(policy, "a");
        clock.Now += 1;
        RateLimitDecision then = await clock.AskAsync(policy, "a");

        // A third of a second is no whole number of microseconds: the first that is enough.
        Assert.Equal(TimeSpan.FromMicroseconds(333_334), refused.RetryAfter);
        Assert.Equal(TimeSpan.FromMicroseconds(666_667), refused.Buckets[0].FullAfter);
        Assert.Equal((false, TimeSpan.FromMicroseconds(1)), (early.IsAllowed, early.RetryAfter));
        Assert.True(then.IsAllowed);
    }

    [Fact]
    public async Task Charge_ClockPutBackALittle_KeepsTheLaterTime()
    {
        (ScriptClock clock, _, _) = await NewAsync();
        await clock.AskAsync(Default, "a", 20);
        for (var i = 0; i < 10; i++)
        {
            // Back and forth: were an older time ever stored, each step forth would refill.
            clock.Now -= 200_000;
            Assert.False((await clock.AskAsync(Default, "a")).IsAllowed);
            clock.Now += 200_000;
            Assert.False((await clock.AskAsync(Default, "a")).IsAllowed);
        }

        clock.Now += 200_000;
        Assert.True((await clock.AskAsync(Default, "a")).IsAllowed);
    }

    [Fact]
    public async Task Charge_FailoverToAClockFarBehind_GoesOnAtOnceWithTheSameBalance()
    {
        (ScriptClock clock, _, _) = await NewAsync();
        await clock.AskAsync(Default, "a", 20);
        clock.Now -= 3600 * Second;

        RateLimitDecision refused = await clock.AskAsync(Default, "a");
        clock.Now += 200_000;
        RateLimitDecision next = await clock.AskAsync(Default, "a");

        Assert.Equal((false, TimeSpan.FromMilliseconds(200)), (refused.IsAllowed, refused.RetryAfter));
        Assert.True(next.IsAllowed);
        Assert.Equal(0, next.Buckets[0].Remaining);
    }

    [Theory]
    [InlineData(40, 10)]
    [InlineData(10, 5)]
    [InlineData(3, 1)]
    [InlineData(1_000_000_000, 500_000_000)]
    public async Task Charge_CapacityChanged_KeepsAHalfFullBucketHalfFull(long capacity, long half)
    {
        (ScriptClock clock, _, _) = await NewAsync();
        await clock.AskAsync(Default, "a", 10);
        RateLimitPolicy changed = new("default", [new TokenBucket("burst", capacity, 7, TimeSpan.FromSeconds(2))]);

        RateLimitDecision probe = await clock.AskAsync(changed, "a", 0);

        Assert.Equal(capacity == 40 ? 20 : half, probe.Buckets[0].Remaining);
    }

    [Fact]
    public async Task Charge_BucketsAddedRemovedAndReordered_KeepTheirBalancesByName()
    {
        (ScriptClock clock, _, _) = await NewAsync();
        await clock.AskAsync(Two, "a", 3);
        RateLimitPolicy changed = new(
            "two", [new TokenBucket("new", 9, 1, TimeSpan.FromSeconds(1)), new TokenBucket(
                "daily", 6, 6, TimeSpan.FromDays(1)), new TokenBucket("burst", 4, 1, TimeSpan.FromSeconds(1))]);
        RateLimitPolicy fewer = new("two", [new TokenBucket("daily", 6, 6, TimeSpan.FromDays(1))]);

        RateLimitDecision reordered = await clock.AskAsync(changed, "a", 1);
        RateLimitDecision removed = await clock.AskAsync(fewer, "a", 1);

        Assert.Equal([8, 2, 0], reordered.Buckets.Select(bucket => bucket.Remaining));
        Assert.Equal([1], removed.Buckets.Select(bucket => bucket.Remaining));
    }

    [Fact]
    public async Task Charge_KeyOfAnotherTypeOrForeignBytes_CountsAsFullAndIsReplaced()
    {
        (ScriptClock clock, IDatabase database, string prefix) = await NewAsync();
        await database.HashSetAsync($"{prefix}{{h}}default", "field", "value");
        foreach (
            (string partition, byte[] bytes) in new[] { ("e", Array.Empty<byte>()), ("z", new byte[3]), (
                "t", "1800000000:20"u8.ToArray()), ("f", Enumerable.Repeat((byte)255, 40).ToArray()), ("o", new byte[] { 1, 0, 0, 3 }) })
        {
            await database.StringSetAsync($"{prefix}{{{partition}}}default", bytes);
        }

        foreach (string partition in new[] { "h", "e", "z", "t", "f", "o" })
        {
            Assert.Equal(19, (await clock.AskAsync(Default, partition)).Buckets[0].Remaining);
            Assert.Equal(18, (await clock.AskAsync(Default, partition)).Buckets[0].Remaining);
        }
    }

    [Fact]
    public async Task Debit_MoreThanThereIs_EmptiesButNeverOwes()
    {
        (ScriptClock clock, _, _) = await NewAsync();
        await clock.RunAsync(Operation.Debit, new Charge(Default, "a", 1000));
        clock.Now += 200_000;

        Assert.True((await clock.AskAsync(Default, "a")).IsAllowed);
    }

    [Fact]
    public async Task Refund_MoreThanWasTaken_FillsButNeverOverfills()
    {
        (ScriptClock clock, _, _) = await NewAsync();
        await clock.AskAsync(Default, "a", 5);
        await clock.RunAsync(Operation.Refund, new Charge(Default, "a", 1000));

        Assert.Equal(20, (await clock.AskAsync(Default, "a", 0)).Buckets[0].Remaining);
    }

    [Fact]
    public async Task Charge_Expiry_IsNeverBeforeFullAndNotMuchLater()
    {
        (ScriptClock clock, IDatabase database, string prefix) = await NewAsync();
        foreach ((long cost, double seconds) in new[] { (1L, 0.2), (9, 2), (10, 4) })
        {
            await clock.AskAsync(Default, "a", cost);
            TimeSpan? expiry = await database.KeyTimeToLiveAsync($"{prefix}{{a}}default");

            Assert.InRange(expiry!.Value.TotalSeconds, seconds - 1, seconds + 1.1);
        }
    }

    [Fact]
    public async Task Charge_DefaultPolicy_IsStoredIn18Bytes()
    {
        (ScriptClock clock, IDatabase database, string prefix) = await NewAsync();
        await clock.AskAsync(Default, "a");

        Assert.Equal(18, await database.StringLengthAsync($"{prefix}{{a}}default"));
    }

    private async Task<(ScriptClock, IDatabase, string)> NewAsync()
    {
        ConnectionMultiplexer redis = await shared.ConnectionAsync();
        string prefix = shared.NewPrefix();
        return (new ScriptClock(redis, prefix) { Now = Start }, redis.GetDatabase(), prefix);
    }
}
