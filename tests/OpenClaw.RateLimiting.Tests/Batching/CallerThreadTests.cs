using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Batching;

/// <summary>A lane serves many callers: the thread, context and continuation of one caller do not delay the others.</summary>
public sealed class CallerThreadTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly RateLimitPolicy Policy = new("p", [new TokenBucket("burst", 5, 1, TimeSpan.FromSeconds(1))]);

    private readonly GatedStore _store;
    private readonly RateLimiterClient _limiter;

    public CallerThreadTests()
    {
        FakeTimeProvider time = new();
        _store = new GatedStore(time);
        _limiter = new RateLimiterClient(_store, new RedisRateLimiterOptions { Lanes = 1 }, time);
    }

    [Fact]
    public async Task Decide_OnASynchronizationContextThatStops_TheLaneGoesOn()
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new StoppedContext());
        Task<RateLimitDecision>[] asked = [Ask(), Ask()];
        SynchronizationContext.SetSynchronizationContext(before);

        RateLimitDecision[] decisions = await AnswerAsync(asked);

        Assert.Equal([4, 3], decisions.Select(decision => decision.Buckets[0].Remaining));
    }

    [Fact]
    public async Task Decide_OnATaskSchedulerThatStops_TheLaneGoesOn()
    {
        Task<Task<RateLimitDecision>[]> asking = new(() => [Ask(), Ask()]);
        asking.Start(new StoppedScheduler());

        RateLimitDecision[] decisions = await AnswerAsync(await asking.WaitAsync(Limit));

        Assert.Equal([4, 3], decisions.Select(decision => decision.Buckets[0].Remaining));
    }

    [Fact]
    public async Task Decide_CallerBlocksAfterItsAnswer_TheLaneGoesOn()
    {
        using ManualResetEventSlim release = new();
        Task<bool> blocking = BlockAsync();
        Task<RateLimitDecision> next = Ask();

        await AnswerAsync([next]);
        release.Set();

        Assert.True(await blocking);

        async Task<bool> BlockAsync()
        {
            await _limiter.DecideAsync([new Charge(Policy, "a")]);
            return release.Wait(2 * Limit);
        }
    }

    [Fact]
    public async Task Decide_CallersWhoGoOnWithinTheAnswer_AreAllAnswered()
    {
        Task<RateLimitDecision> underWay = Ask();
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new InlineContext());
        Task<RateLimitDecision>[] asked = [underWay, GoOnAsync(), GoOnAsync(), GoOnAsync()];
        SynchronizationContext.SetSynchronizationContext(before);

        RateLimitDecision[] decisions = await AnswerAsync(asked);

        Assert.Equal([4, 3, 2, 1], decisions.Select(decision => decision.Buckets[0].Remaining));

        async Task<RateLimitDecision> GoOnAsync() => await _limiter.DecideAsync([new Charge(Policy, "a")]);
    }

    private Task<RateLimitDecision> Ask() => _limiter.DecideAsync([new Charge(Policy, "a")]).AsTask();

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

    // Like a scheduler whose threads are gone: it runs the first task and no other.
    private sealed class StoppedScheduler : TaskScheduler
    {
        private bool _stopped;

        protected override void QueueTask(Task task)
        {
            if (!_stopped)
            {
                _stopped = true;
                TryExecuteTask(task);
            }
        }

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }

    // Runs at once what is posted to it, as some test frameworks do.
    private sealed class InlineContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => d(state);
    }

    // Like the context of a closed window: posted work never runs.
    private sealed class StoppedContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) { }
    }
}
