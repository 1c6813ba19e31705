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

public sealed class DenyCacheTests
{
    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);
    private static readonly RateLimitPolicy Policy = new("p", [new TokenBucket("burst", 2, 1, TimeSpan.FromSeconds(1))]);

    private static readonly RateLimitPolicy Three = new("three", [new TokenBucket("burst", 3, 1, TimeSpan.FromSeconds(1))]);

    private readonly FakeTimeProvider _time = new();
    private readonly DenyCache _cache;
    private readonly RateLimiterClient _limiter;

    public DenyCacheTests()
    {
        _cache = new DenyCache(1000, _time);
        _cache.Enable();
        _limiter = NewLimiter();
    }

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
    public async Task Refund_AfterADenial_DropsIt()
    {
        await AskAsync(2);
        await _limiter.RefundAsync(new Charge(Policy, "a"));

        Assert.Equal((true, DecisionSource.Store), Short(await AskAsync()));
    }

    [Fact]
    public async Task Reset_AfterADenial_DropsIt()
    {
        await AskAsync(2);
        await _limiter.ResetAsync(Policy, "a");

        Assert.Equal((true, DecisionSource.Store), Short(await AskAsync()));
    }

    [Fact]
    public async Task Block_Lifted_DropsTheDenial()
    {
        await _limiter.BlockAsync(Policy, "a", TimeSpan.FromHours(1));
        RateLimitDecision first = await AskAsync(), second = await AskAsync();
        await _limiter.UnblockAsync(Policy, "a");

        Assert.Equal((false, DecisionSource.Store), Short(first));
        Assert.Equal((false, DecisionSource.DenyCache), Short(second));
        Assert.Null(second.RefusedBy);
        Assert.Equal(TimeSpan.FromHours(1), second.BlockedFor);
        Assert.Equal((true, DecisionSource.Store), Short(await AskAsync()));
    }

    [Fact]
    public async Task Decide_PolicyRaised_AsksRedis()
    {
        await AskAsync(2);
        RateLimitPolicy raised = new("p", [new TokenBucket("burst", 2, 1000, TimeSpan.FromSeconds(1))]);
        _time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal((true, DecisionSource.Store), Short(await _limiter.DecideAsync([new Charge(raised, "a")])));
    }

    [Fact]
    public async Task Decide_PolicyReadAgainUnchanged_KeepsTheDenial()
    {
        await AskAsync(2);
        RateLimitPolicy same = new("p", [new TokenBucket("burst", 2, 1, TimeSpan.FromSeconds(1))]);

        Assert.Equal((false, DecisionSource.DenyCache), Short(await _limiter.DecideAsync([new Charge(same, "a")])));
    }

    [Fact]
    public async Task Decide_LongDenial_AsksRedisAgainWithinTenSeconds()
    {
        RateLimitPolicy daily = new("daily", [new TokenBucket("daily", 1, 1, TimeSpan.FromDays(1))]);
        await _limiter.DecideAsync([new Charge(daily, "a")]);
        _time.Advance(TimeSpan.FromSeconds(9));
        RateLimitDecision trusted = await _limiter.DecideAsync([new Charge(daily, "a")]);
        _time.Advance(TimeSpan.FromSeconds(1.1));

        Assert.Equal(DecisionSource.DenyCache, trusted.Source);
        Assert.Equal((false, DecisionSource.Store), Short(await _limiter.DecideAsync([new Charge(daily, "a")])));
    }

    [Fact]
    public async Task Decide_SeveralCharges_RefusesForTheOneThatIsDrained()
    {
        await AskAsync(2);

        RateLimitDecision decision = await _limiter.DecideAsync([new Charge(Policy, "b"), new Charge(Policy, "a")]);

        Assert.Equal((false, DecisionSource.DenyCache), Short(decision));
        Assert.Equal(0, decision.RefusedBy);
        Assert.Equal(1, decision.Buckets.Length);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Decide_SeveralChargesRefused_AnswersAsRedisDoes(bool longFirst, bool blocked)
    {
        RateLimitPolicy hourly = new("hourly", [new TokenBucket("hour", 1, 1, TimeSpan.FromHours(1))]);
        Charge[] charges = [new Charge(Policy, "a", 2), new Charge(hourly, "c")];
        if (longFirst)
        {
            Array.Reverse(charges);
        }

        RateLimiterClient plain = NewLimiter(cache: new DenyCache(0, _time));
        foreach (RateLimiterClient limiter in new[] { _limiter, plain })
        {
            await limiter.DecideAsync(charges);
            if (blocked)
            {
                await limiter.BlockAsync(Policy, "a", TimeSpan.FromMinutes(1));
                await limiter.DecideAsync([new Charge(Policy, "a")]);
            }
        }

        _time.Advance(TimeSpan.FromSeconds(0.25));
        RateLimitDecision store = await plain.DecideAsync(charges), cached = await _limiter.DecideAsync(charges);

        Assert.Equal((DecisionSource.Store, DecisionSource.DenyCache), (store.Source, cached.Source));
        Assert.Equal((store.IsAllowed, store.RetryAfter, store.BlockedFor), (cached.IsAllowed, cached.RetryAfter, cached.BlockedFor));
        Assert.Equal(store.Buckets[store.RefusedBy!.Value], cached.Buckets[cached.RefusedBy!.Value]);
    }

    [Fact]
    public async Task Decide_FirstChargeBlockedAndSecondDrained_NamesTheBucketThatRedisNames()
    {
        RateLimitPolicy hourly = new("hourly", [new TokenBucket("hour", 1, 1, TimeSpan.FromHours(1))]);
        await _limiter.BlockAsync(Policy, "a", TimeSpan.FromMinutes(1));
        await _limiter.DecideAsync([new Charge(Policy, "a")]);
        await _limiter.DecideAsync([new Charge(hourly, "c")]);

        RateLimitDecision cached = await _limiter.DecideAsync([new Charge(Policy, "a"), new Charge(hourly, "c")]);

        Assert.Equal((false, DecisionSource.DenyCache), Short(cached));
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)), (cached.BlockedFor, cached.RetryAfter));
        Assert.Equal("hour", cached.Buckets[cached.RefusedBy!.Value].Bucket.Name);
    }

    [Fact]
    public async Task Learn_DroppedWhileTheAnswerWasUnderWay_KeepsNothing()
    {
        GatedStore store = new(_time);
        RateLimiterClient limiter = NewLimiter(store);
        Task<RateLimitDecision> underWay = limiter.DecideAsync([new Charge(Policy, "a", 2)]).AsTask();

        // Another replica resets the partition, and the message overtakes the answer.
        _cache.Drop(new RateLimiting.Batching.PartitionKey("p", "a"));
        store.Answer();
        await underWay;

        Assert.Equal(0, _cache.Count);
    }

    // As when the message that would have dropped it came before this replica could hear any.
    [Fact]
    public async Task Learn_EnabledWhileTheAnswerWasUnderWay_KeepsNothing()
    {
        GatedStore store = new(_time);
        RateLimiterClient limiter = NewLimiter(store);
        _cache.Disable();
        Task<RateLimitDecision> underWay = limiter.DecideAsync([new Charge(Policy, "a", 2)]).AsTask();

        _cache.Enable();
        store.Answer();
        await underWay;

        Assert.Equal(0, _cache.Count);
    }

    // Redis reads its clock when the call comes, not when the answer does.
    [Fact]
    public async Task Decide_AnswerWasLongUnderWay_RefusesNoLongerThanRedis()
    {
        LateStore store = new(_time);
        RateLimiterClient limiter = NewLimiter(store);
        Task<RateLimitDecision> underWay = limiter.DecideAsync([new Charge(Policy, "a", 2)]).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(300));
        store.Answer();
        await underWay;

        RateLimitDecision first = await limiter.DecideAsync([new Charge(Policy, "a")]);
        _time.Advance(TimeSpan.FromMilliseconds(700) - Microsecond);
        RateLimitDecision justBefore = await limiter.DecideAsync([new Charge(Policy, "a")]);
        _time.Advance(Microsecond);

        Assert.Equal((DecisionSource.DenyCache, TimeSpan.FromMilliseconds(700)), (first.Source, first.RetryAfter));
        Assert.Equal(DecisionSource.DenyCache, justBefore.Source);
        Assert.Equal((true, DecisionSource.Store), Short(await limiter.DecideAsync([new Charge(Policy, "a")])));
    }

    [Fact]
    public async Task Disable_WithDenials_ForgetsThemAndAsksRedis()
    {
        await AskAsync(2);
        _cache.Disable();
        Assert.Equal(0, _cache.Count);
        RateLimitDecision disabled = await AskAsync();
        _cache.Enable();

        Assert.Equal(DecisionSource.Store, disabled.Source);
        Assert.Equal(DecisionSource.Store, (await AskAsync()).Source);
        Assert.Equal(DecisionSource.DenyCache, (await AskAsync()).Source);
    }

    [Fact]
    public async Task Learn_MoreThanItHolds_StaysWithinItsBound()
    {
        DenyCache small = new(64, _time);
        small.Enable();
        RateLimiterClient limiter = NewLimiter(cache: small);
        for (var i = 0; i < 1000; i++)
        {
            await limiter.DecideAsync([new Charge(Policy, $"client-{i}", 2)]);
        }

        Assert.InRange(small.Count, 1, 64);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(1025)]
    public async Task Learn_BoundThatIsNoPowerOfTwo_IsTheBound(int bound)
    {
        DenyCache cache = new(bound, _time);
        cache.Enable();
        RateLimiterClient limiter = NewLimiter(cache: cache);
        for (var i = 0; i < 10 * bound; i++)
        {
            await limiter.DecideAsync([new Charge(Policy, $"client-{i}", 2)]);
        }

        // All of it is used, but for the remainder of a division by eight.
        Assert.InRange(cache.Count, bound * 3 / 4, bound);
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

    // Whatever is asked when: with the cache the same is allowed as without.
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

    private ValueTask<RateLimitDecision> AskAsync(long cost = 1) => _limiter.DecideAsync([new Charge(Policy, "a", cost)]);

    private RateLimiterClient NewLimiter(
        RateLimiting.Batching.IDecisionStore? store = null, DenyCache? cache = null, TimeProvider? time = null)
        => new(store ?? new MemoryDecisionStore(_time), new RedisRateLimiterOptions { Lanes = 1 }, time ?? _time, cache ?? _cache);

    private static (bool, DecisionSource) Short(RateLimitDecision decision) => (decision.IsAllowed, decision.Source);

    /// <summary>Decides at once, as Redis does, and answers the first call only when it is told to.</summary>
    private sealed class LateStore(TimeProvider time) : RateLimiting.Batching.IDecisionStore
    {
        private readonly MemoryDecisionStore _memory = new(time);
        private readonly TaskCompletionSource _answer = new();

        public void Answer() => _answer.SetResult();

        public async ValueTask DecideAsync(RateLimiting.Batching.DecisionBatch batch, CancellationToken abandon)
        {
            await _memory.DecideAsync(batch, abandon);
            await _answer.Task;
        }
    }
}
