using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Batching;

public sealed class CoalescingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly RateLimitPolicy Policy = new("p", [new TokenBucket("burst", 5, 1, TimeSpan.FromSeconds(1))]);

    private readonly GatedStore _store;
    private readonly RateLimiterClient _limiter;

    public CoalescingTests()
    {
        FakeTimeProvider time = new();
        _store = new GatedStore(time);
        _limiter = new RateLimiterClient(
            _store, new RedisRateLimiterOptions { Lanes = 1, MaxDecisionsPerCall = 8, MaxPartitionsPerCall = 4 }, time);
    }

    [Fact]
    public void Decide_NobodyWaits_IsSentAtOnce()
    {
        _ = Ask("a");

        Assert.Single(_store.Calls);
    }

    [Fact]
    public async Task Decide_WhileACallIsUnderWay_JoinsTheNextOne()
    {
        Task<RateLimitDecision>[] asked = [Ask("a"), Ask("a"), Ask("a"), Ask("b"), Ask("a", 2)];
        Assert.Single(_store.Calls);

        await AnswerAsync(asked);

        Assert.Equal([["a:1"], ["a:1", "a:1", "b:1", "a:2"]], _store.Calls);
    }

    [Fact]
    public async Task Decide_MixedCosts_AreServedInOrderOfArrival()
    {
        // Five tokens: 1, then 3, then 2 is too much, and 1 still fits.
        Task<RateLimitDecision>[] asked = [Ask("a"), Ask("a", 3), Ask("a", 2), Ask("a"), Ask("a")];

        RateLimitDecision[] decisions = await AnswerAsync(asked);

        Assert.Equal([true, true, false, true, false], decisions.Select(decision => decision.IsAllowed));
        Assert.Equal([4, 1, 1, 0, 0], decisions.Select(decision => decision.Buckets[0].Remaining));
    }

    [Fact]
    public async Task Decide_EqualRequestsOfInterleavedPartitions_BecomeOneRunEach()
    {
        Task<RateLimitDecision>[] asked = [Ask("x"), Ask("a"), Ask("b"), Ask("a"), Ask("b"), Ask("a", 2), Ask("a")];

        await AnswerAsync(asked);

        Assert.Equal(["a:1", "a:1", "b:1", "b:1", "a:2", "a:1"], _store.Calls[1]);
        Assert.Equal(4, _store.Runs[1]);
    }

    [Fact]
    public async Task Decide_SamePairAfterOneOfItsPartitions_DoesNotOvertake()
    {
        // The first pair takes one of b's five tokens, the other request the rest; the next pair is denied.
        Task<RateLimitDecision>[] asked = [Ask("x"), AskPair(), Ask("b", 4), AskPair()];

        RateLimitDecision[] decisions = await AnswerAsync(asked);

        Assert.Equal([true, true, true, false], decisions.Select(decision => decision.IsAllowed));
        Assert.Equal(["a:1+b:1", "b:4", "a:1+b:1"], _store.Calls[1]);

        Task<RateLimitDecision> AskPair() => _limiter.DecideAsync([new Charge(Policy, "a"), new Charge(Policy, "b")]).AsTask();
    }

    [Fact]
    public async Task Decide_CancelledWhileWaiting_IsNotSentAndChargesNothing()
    {
        using CancellationTokenSource cancellation = new();
        Task<RateLimitDecision> first = Ask("a"), cancelled = Ask("a", 4, cancellation.Token), last = Ask("a", 4);
        await cancellation.CancelAsync();

        _store.Answer();
        await AssertCancelledAsync(cancelled);
        await AnswerAsync([first, last]);

        Assert.Equal(["a:4"], _store.Calls[1]);
        Assert.True((await last).IsAllowed);
    }

    [Fact]
    public async Task Decide_AlreadyCancelled_ThrowsAndSendsNothing()
    {
        await AssertCancelledAsync(Ask("a", 1, new CancellationToken(canceled: true)));

        Assert.Empty(_store.Calls);
    }

    [Fact]
    public async Task Decide_CancelledAfterItWasSent_IsStillAnswered()
    {
        using CancellationTokenSource cancellation = new();
        Task<RateLimitDecision> sent = Ask("a", 1, cancellation.Token);
        await cancellation.CancelAsync();

        Assert.True((await AnswerAsync([sent]))[0].IsAllowed);
    }

    [Fact]
    public async Task Decide_MoreThanACallMayHold_GoesOutInSeveral()
    {
        Task<RateLimitDecision>[] asked =
            [Ask("x"), .. Enumerable.Range(0, 10).Select(_ => Ask("a")), .. Enumerable.Range(0, 6).Select(i => Ask($"p{i}"))];

        await AnswerAsync(asked);

        Assert.Equal([1, 8, 5, 3], _store.Calls.Select(call => call.Count));
    }

    [Fact]
    public async Task Decide_NumbersChangedWhileWaiting_GoOutInSeparateCalls()
    {
        RateLimitPolicy raised = new("p", [new TokenBucket("burst", 10, 1, TimeSpan.FromSeconds(1))]);
        Task<RateLimitDecision>[] asked = [Ask("a"), Ask("a"), _limiter.DecideAsync([new Charge(raised, "a")]).AsTask(), Ask("a")];

        RateLimitDecision[] decisions = await AnswerAsync(asked);

        Assert.Equal(4, _store.Calls.Count);

        // 3 of 5, of which 10 make 6, less one is 5, of which 5 make 2.5, less one is 1.5.
        Assert.Equal([4, 3, 5, 1], decisions.Select(decision => decision.Buckets[0].Remaining));
    }

    [Fact]
    public async Task Decide_TwoPartitionsOneRefuses_ChargesNeither()
    {
        Task<RateLimitDecision> drain = Ask("a", 5);
        Task<RateLimitDecision> both = _limiter.DecideAsync([new Charge(Policy, "b"), new Charge(Policy, "a")]).AsTask();
        Task<RateLimitDecision> probe = Ask("b", 0);

        RateLimitDecision[] decisions = await AnswerAsync([drain, both, probe]);

        Assert.False(decisions[1].IsAllowed);
        Assert.Equal(1, decisions[1].RefusedBy);
        Assert.Equal(5, decisions[2].Buckets[0].Remaining);
    }

    [Fact]
    public async Task Decide_StoreFails_AnswersByFailureModeAndGoesOn()
    {
        RateLimitPolicy closed = new("c", Policy.Buckets, FailureMode.Closed);
        Task<RateLimitDecision> first = Ask("a");
        Task<RateLimitDecision> second = _limiter.DecideAsync([new Charge(closed, "a")]).AsTask();
        _store.Fail();
        await first.WaitAsync(Limit);
        await Poll.UntilAsync("the second call is sent", () => _store.Calls.Count == 2, Limit);
        _store.Fail();
        await second.WaitAsync(Limit);

        Assert.Equal((true, DecisionSource.Local), ((await first).IsAllowed, (await first).Source));
        Assert.Equal((false, DecisionSource.Closed), ((await second).IsAllowed, (await second).Source));
    }

    private Task<RateLimitDecision> Ask(string partition, long cost = 1, CancellationToken cancellationToken = default)
        => _limiter.DecideAsync([new Charge(Policy, partition, cost)], cancellationToken).AsTask();

    // Bounded: a lane that forgets a cancelled decision fails the test instead of holding it up for ever.
    private static async Task AssertCancelledAsync(Task<RateLimitDecision> asked)
    {
        await Poll.UntilAsync("the cancelled decision ends", () => asked.IsCompleted, Limit);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    // Answers calls as they come until all callers have an answer.
    private async Task<RateLimitDecision[]> AnswerAsync(Task<RateLimitDecision>[] asked)
    {
        await Poll.UntilAsync("everybody is answered", () =>
        {
            _store.TryAnswer();
            return Task.WhenAll(asked).IsCompleted;
        }, Limit);
        return await Task.WhenAll(asked);
    }
}
