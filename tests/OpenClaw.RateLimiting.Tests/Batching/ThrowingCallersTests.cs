using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Batching;

/// <summary>Contexts and continuations of callers throw: every caller gets its answer, and the lane continues.</summary>
public sealed class ThrowingCallersTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly RateLimitPolicy Policy = new("p", [new TokenBucket("burst", 9, 1, TimeSpan.FromHours(1))]);

    private readonly GatedStore _store;
    private readonly RateLimiterClient _limiter;

    static ThrowingCallersTests()
    {
        ExpectedCrashes.Ignore("The context is gone.");
        ExpectedCrashes.Ignore("The scheduler is gone.");
        ExpectedCrashes.Ignore("A continuation throws.");
    }

    public ThrowingCallersTests()
    {
        FakeTimeProvider time = new();
        _store = new GatedStore(time);
        _limiter = new RateLimiterClient(_store, new RedisRateLimiterOptions { Lanes = 1 }, time);
    }

    [Theory]
    [InlineData(Failing.Refuses)]
    [InlineData(Failing.RunsAndThrows)]
    [InlineData(Failing.RunsLaterAndThrows)]
    public async Task Decide_SynchronizationContextThrows_EverybodyIsAnsweredOnce(Failing failing)
    {
        Task<RateLimitDecision> first = AskAsync();
        var continued = 0;
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new ThrowingContext(failing));
        Task<RateLimitDecision> waiting = CountAsync();
        SynchronizationContext.SetSynchronizationContext(before);
        Task<RateLimitDecision> last = AskAsync();

        Assert.Equal([8, 7, 6], await AnswerAsync(first, waiting, last));
        Assert.Equal([5], await AnswerAsync(AskAsync()));
        Assert.Equal(1, continued);

        async Task<RateLimitDecision> CountAsync()
        {
            RateLimitDecision decision = await _limiter.DecideAsync([new Charge(Policy, "a")]);
            Interlocked.Increment(ref continued);
            return decision;
        }
    }

    [Fact]
    public async Task Decide_ContinuationRunInlineThrows_EverybodyElseIsAnswered()
    {
        Task<RateLimitDecision> first = AskAsync();
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new ThrowingContext(Failing.Runs));
        _limiter.DecideAsync([new Charge(Policy, "a")]).GetAwaiter().OnCompleted(
            static () => throw new InvalidOperationException("A continuation throws."));
        SynchronizationContext.SetSynchronizationContext(before);
        Task<RateLimitDecision> last = AskAsync();

        Assert.Equal([8, 6], await AnswerAsync(first, last));
        Assert.Equal([5], await AnswerAsync(AskAsync()));
    }

    [Fact]
    public async Task Decide_ContinuationRunInlineBlocks_TheLaneGoesOn()
    {
        using ManualResetEventSlim release = new();
        Task<RateLimitDecision> first = AskAsync();
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new ThrowingContext(Failing.Runs));
        Task blocked = BlockAsync();
        SynchronizationContext.SetSynchronizationContext(before);

        Assert.Equal([8, 6], await AnswerAsync(first, AskAsync()));
        release.Set();
        await blocked.WaitAsync(Limit);

        async Task BlockAsync()
        {
            await _limiter.DecideAsync([new Charge(Policy, "a")]);
            release.Wait(2 * Limit);
        }
    }

    [Fact]
    public async Task Decide_TaskSchedulerThrows_EverybodyIsAnswered()
    {
        Task<RateLimitDecision> first = AskAsync();
        Task<Task<RateLimitDecision>> asking = new(AskAsync);
        asking.Start(new ThrowingScheduler());
        Task<RateLimitDecision> waiting = await asking.WaitAsync(Limit);
        Task<RateLimitDecision> last = AskAsync();

        Assert.Equal([8, 7, 6], await AnswerAsync(first, waiting, last));
        Assert.Equal([5], await AnswerAsync(AskAsync()));
    }

    // The application's own clock throws: only the call that reads it fails.
    [Fact]
    public async Task Decide_ClockThrowsOnce_TheLaneGoesOn()
    {
        for (var failing = 1; failing <= 6; failing++)
        {
            ThrowingTime time = new() { ThrowsAt = failing };
            RateLimiterClient limiter = new(new SettlingStore(), new RedisRateLimiterOptions { Lanes = 1 }, time);
            for (var i = 0; i < 4; i++)
            {
                try
                {
                    await limiter.DecideAsync([new Charge(Policy, "a")]).AsTask().WaitAsync(Limit);
                }
                catch (NotSupportedException)
                {
                    // The caller gets the exception, and no caller is left waiting.
                }
            }

            Assert.Equal(DecisionSource.Store, (await limiter.DecideAsync([new Charge(Policy, "a")]).AsTask().WaitAsync(Limit)).Source);
        }
    }

    private async Task<RateLimitDecision> AskAsync() => await _limiter.DecideAsync([new Charge(Policy, "a")]);

    private async Task<IEnumerable<long>> AnswerAsync(params Task<RateLimitDecision>[] asked)
    {
        await Poll.UntilAsync("everybody is answered", () =>
        {
            _store.TryAnswer();
            return Task.WhenAll(asked).IsCompleted;
        }, Limit);
        return (await Task.WhenAll(asked)).Select(decision => decision.Buckets[0].Remaining);
    }

    /// <summary>What a context does with posted work.</summary>
    public enum Failing
    {
        Refuses,
        Runs,
        RunsAndThrows,
        RunsLaterAndThrows,
    }

    private sealed class ThrowingContext(Failing failing) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
            if (failing is Failing.Runs or Failing.RunsAndThrows)
            {
                d(state);
            }
            else if (failing == Failing.RunsLaterAndThrows)
            {
                ThreadPool.QueueUserWorkItem(_ => d(state));
            }

            if (failing != Failing.Runs)
            {
                throw new ObjectDisposedException("The context is gone.");
            }
        }
    }

    // Takes the first task, and none after that.
    private sealed class ThrowingScheduler : TaskScheduler
    {
        private bool _gone;

        protected override void QueueTask(Task task)
        {
            if (_gone)
            {
                throw new ObjectDisposedException("The scheduler is gone.");
            }

            _gone = true;
            TryExecuteTask(task);
        }

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }

    private sealed class ThrowingTime : TimeProvider
    {
        private int _reads;

        public int ThrowsAt { get; init; }

        public override long GetTimestamp()
            => ++_reads == ThrowsAt ? throw new NotSupportedException("The clock fails.") : base.GetTimestamp();
    }

    private sealed class SettlingStore : RateLimiting.Batching.IDecisionStore
    {
        public ValueTask DecideAsync(RateLimiting.Batching.DecisionBatch batch, CancellationToken abandon)
        {
            batch.Settle();
            return ValueTask.CompletedTask;
        }
    }
}
