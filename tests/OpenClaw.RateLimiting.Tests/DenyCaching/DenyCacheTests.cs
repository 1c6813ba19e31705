using CsCheck;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.DenyCaching;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Memory;
using OpenClaw.RateLimiting.Tests.Batching;
using OpenClaw.RateLimiting.Tests.Model;
using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.DenyCaching;

public sealed class DenyCacheTests : DenyCacheTestBase
{
    private static readonly RateLimitPolicy Three = new("three", [new TokenBucket("burst", 3, 1, TimeSpan.FromSeconds(1))]);

    [Fact]
    public async Task Decide_BucketDrained_RefusesFromMemoryUntilTheInstantOfTheNextToken()
    {
        await AskAsync(2);

        RateLimitDecision first = await AskAsync();
        _time.Advance(first.RetryAfter - Microsecond);
        RateLimitDecision justBefore = await AskAsync();
        _time.Advance(Microsecond);
        RateLimitDecision then = await AskAsync();

        Assert.Equal((false, DecisionSource.DenyCache), (first.IsAllowed, first.Source));
        Assert.Equal((false, DecisionSource.DenyCache), (justBefore.IsAllowed, justBefore.Source));
        Assert.Equal((true, DecisionSource.Store), (then.IsAllowed, then.Source));
    }

    // Redis counts whole microseconds, and its next one may already have begun.
    [Fact]
    public async Task Decide_LessThanAMicrosecondBeforeTheNextToken_AsksRedis()
    {
        await AskAsync(2);
        await AskAsync(2);
        _time.Advance(TimeSpan.FromSeconds(1) - Microsecond);
        RateLimitDecision before = await AskAsync();
        _time.Advance(Microsecond / 2);

        Assert.Equal(DecisionSource.DenyCache, before.Source);
        Assert.Equal(DecisionSource.Store, (await AskAsync()).Source);
    }

    [Fact]
    public async Task Decide_SeveralCostsRefusedInOneCall_IsRefusedFromMemoryForTheLargest()
    {
        GatedStore store = new(_time);
        RateLimiterClient limiter = NewLimiter(store);
        Task<RateLimitDecision>[] asked =
            [.. new[] { 1, 2, 3 }.Select(cost => limiter.DecideAsync([new Charge(Three, "a", 4 - cost)]).AsTask())];
        store.Answer();
        await asked[0];
        await Poll.UntilAsync("both are refused", () =>
        {
            store.TryAnswer();
            return asked.All(task => task.IsCompleted);
        }, TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(1));

        // Enough for one token, and not for two.
        ValueTask<RateLimitDecision> again = limiter.DecideAsync([new Charge(Three, "a", 2)]);
        Assert.True(again.IsCompleted, "Redis was asked.");
        Assert.Equal((false, DecisionSource.DenyCache), Short(await again));
    }

    [Fact]
    public async Task Decide_FromMemory_TellsTheBucketsAsOfNow()
    {
        await AskAsync(2);
        _time.Advance(TimeSpan.FromSeconds(0.25));

        RateLimitDecision decision = await AskAsync();

        BucketStatus bucket = decision.Buckets[0];
        Assert.Equal(0, decision.RefusedBy);
        Assert.Equal(0, bucket.Remaining);
        Assert.True(bucket.IsInsufficient);
        Assert.Equal(TimeSpan.FromSeconds(0.75), decision.RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(1.75), bucket.FullAfter);
    }

    [Fact]
    public async Task Decide_DenialOfALargeCost_RefusesLargerCostsButNotSmallerOnes()
    {
        await AskAsync(1);
        RateLimitDecision refused = await AskAsync(2);

        Assert.Equal((false, DecisionSource.Store), (refused.IsAllowed, refused.Source));
        Assert.Equal((false, DecisionSource.DenyCache), Short(await AskAsync(2)));
        Assert.Equal((false, DecisionSource.DenyCache), Short(await AskAsync(3)));
        Assert.Equal((true, DecisionSource.Store), Short(await AskAsync(1)));
    }

    [Fact]
    public async Task Decide_CostAboveCapacity_IsRefusedForEverWithoutAskingAgain()
    {
        await AskAsync(3);

        RateLimitDecision again = await AskAsync(3);

        Assert.Equal(DecisionSource.DenyCache, again.Source);
        Assert.Equal(Timeout.InfiniteTimeSpan, again.RetryAfter);
    }

    [Fact]
    public async Task Decide_AProbeOfADrainedBucket_IsAllowed()
    {
        await AskAsync(2);

        Assert.Equal((true, DecisionSource.Store), Short(await AskAsync(0)));
    }

    [Fact]
    public async Task Decide_FromMemory_AllocatesNothing()
    {
        await AskAsync(2);
        Charge[] charges = [new Charge(Policy, "a")];
        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                ValueTask<RateLimitDecision> task = _limiter.DecideAsync(charges);
                RateLimitDecision decision = task.Result;
                foreach (BucketStatus bucket in decision.Buckets)
                {
                    Assert.True(bucket.IsInsufficient);
                }
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated();

        // The runtime itself may allocate once while it recompiles the loop.
        Assert.Equal(0, Enumerable.Range(0, 3).Min(_ => Allocated()));
    }

    // For any sequence of requests, the cache does not change which are allowed.
    [Fact]
    public void Decide_AnySequence_DecidesAsWithoutTheCache()
    {
        RateLimitPolicy[] policies =
        [
            Policy,
            new("p", [new TokenBucket("burst", 4, 3, TimeSpan.FromMilliseconds(700))]),
            new(
                "q", [new TokenBucket("burst", 3, 7, TimeSpan.FromSeconds(1)), new TokenBucket(
                    "daily", 9, 1, TimeSpan.FromSeconds(3)) { Shadow = true }]),
            new("q", [new TokenBucket("burst", 3, 7, TimeSpan.FromSeconds(1)), new TokenBucket("daily", 9, 1, TimeSpan.FromSeconds(3))]),
        ];
        Gen<Charge> charge = Gen.Select(Gen.OneOf(policies), Gen.OneOf("a", "b"), Gen.Long[0, 4]).Select(
            (policy, partition, cost) => new Charge(policy, partition, cost));
        Gen.Select(Gen.OneOf(0, 0, 1, 100, 100_000, 900_000), Gen.Int[0, 12], charge).Array[200].Sample(steps =>
            {
                FakeTimeProvider time = new();
                DenyCache cache = new(64, time);
                cache.Enable();
                MemoryDecisionStore with = new(time), without = new(time);
                RateLimiterClient cached = NewLimiter(with, cache, time), plain = NewLimiter(without, new DenyCache(0, time), time);
                foreach ((int advance, int operation, Charge one) in steps)
                {
                    time.Advance(TimeSpan.FromMicroseconds(advance));
                    if (operation == 0)
                    {
                        cached.RefundAsync(one).AsTask().Wait();
                        plain.RefundAsync(one).AsTask().Wait();
                        continue;
                    }

                    RateLimitDecision a = cached.DecideAsync([one]).Result, b = plain.DecideAsync([one]).Result;
                    Assert.Equal(b.IsAllowed, a.IsAllowed);
                    Assert.Equal(b.RefusedBy, a.RefusedBy);
                    Assert.Equal(b.RetryAfter, a.RetryAfter);
                }
            },
            iter: 1000,
            threads: 1);
    }

    private static (bool, DecisionSource) Short(RateLimitDecision decision) => (decision.IsAllowed, decision.Source);
}
