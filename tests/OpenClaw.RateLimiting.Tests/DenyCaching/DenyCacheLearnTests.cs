using OpenClaw.RateLimiting.DenyCaching;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Memory;
using OpenClaw.RateLimiting.Tests.Batching;
using OpenClaw.RateLimiting.Tests.Model;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.DenyCaching;

public sealed class DenyCacheLearnTests : DenyCacheTestBase
{
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

    // As when the message that would have removed the entry was sent before this replica had subscribed.
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

    private static (bool, DecisionSource) Short(RateLimitDecision decision) => (decision.IsAllowed, decision.Source);

    /// <summary>Decides at once, as Redis does, but holds the answer to the first call until it is released.</summary>
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
