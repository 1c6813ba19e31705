using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Limiter;
using Xunit;
using static OpenClaw.RateLimiting.Tests.Batching.GatedDecisions;

namespace OpenClaw.RateLimiting.Tests.Batching;

public sealed class PendingDecisionTests
{
    [Fact]
    public async Task GetResult_WhilePending_ThrowsAndLeavesTheDecisionInItsBatch()
    {
        GatedStore store = new(new FakeTimeProvider());
        RateLimiterClient limiter = OneLane(store);
        ValueTask<RateLimitDecision> early = Ask(limiter);
        Assert.Throws<InvalidOperationException>(() => early.GetAwaiter().GetResult());
        Assert.Throws<InvalidOperationException>(() => early.Result);

        Task<RateLimitDecision> next = Ask(limiter).AsTask(), last = Ask(limiter).AsTask();
        await AnswerAsync(store, next, last);

        Assert.Equal([Capacity - 2, Capacity - 3], new[] { await next, await last }.Select(Left));
        Assert.Equal(Capacity - 1, Left(await early));
    }

    [Fact]
    public async Task Await_ASecondTime_Throws()
    {
        RateLimiterClient limiter = RateLimiterClient.InMemory(new FakeTimeProvider());
        ValueTask<RateLimitDecision> once = Ask(limiter);
        await once;

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await once);
        Assert.Equal(Capacity - 2, Left(await Ask(limiter)));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await once);
    }

    [Fact]
    public async Task Await_ASecondTimeWhilePending_ThrowsAndTheFirstIsAnswered()
    {
        GatedStore store = new(new FakeTimeProvider());
        RateLimiterClient limiter = OneLane(store);
        ValueTask<RateLimitDecision> shared = Ask(limiter);
        Task<RateLimitDecision> first = shared.AsTask();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await shared);
        await AnswerAsync(store, first);

        Assert.Equal(Capacity - 1, Left(await first));
    }

    // A version has 16 bits: it must not wrap around while a caller still holds a task with it.
    [Fact]
    public async Task Await_ATaskOf65536DecisionsAgo_Throws()
    {
        RateLimiterClient limiter = RateLimiterClient.InMemory(new FakeTimeProvider());
        ValueTask<RateLimitDecision> old = Ask(limiter);
        await old;
        for (var i = 1; i < (2 * 65_536) + 100; i++)
        {
            ValueTask<RateLimitDecision> pending = Ask(limiter);
            if (i % 65_536 is < 100 or > 65_436)
            {
                Assert.Throws<InvalidOperationException>(() => old.IsCompleted);
            }

            await pending;
        }
    }

    // Faster than the batch: the result is set, but the batch still uses the object.
    [Fact]
    public async Task Rent_WhileABatchCompletes_NeverReturnsAnObjectThatItStillUses()
    {
        PendingDecisionPool pool = new();
        for (var i = 0; i < 2000; i++)
        {
            PendingDecision pending = pool.Rent();
            pending.Prepare(Operation.Charge, [new Charge(Policy, "a")], CancellationToken.None);
            ValueTask<RateLimitDecision> task = pending.Task;
            Task completing = Task.Run(pending.Complete);
            while (!TryTake(task))
            {
                Thread.SpinWait(1);
            }

            PendingDecision next = pool.Rent();
            next.Prepare(Operation.Charge, [new Charge(Policy, "b")], CancellationToken.None);
            Assert.False(next.Task.IsCompleted);
            Task<RateLimitDecision> answered = next.Task.AsTask();
            await completing;
            Assert.False(answered.IsCompleted);
            next.Complete();
            await answered.WaitAsync(Limit);
        }

        static bool TryTake(ValueTask<RateLimitDecision> task)
        {
            try
            {
                _ = task.Result;
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }
    }
}
