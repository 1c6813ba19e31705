using CsCheck;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Tests.Redis;
using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Batching;

/// <summary>Whoever takes the task of a decision too early, twice or not at all gets an exception; everybody else gets the right
/// answer.</summary>
public sealed class MisuseTests(SharedRedis shared)
{
    private const int Capacity = 100_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly RateLimitPolicy Policy = new("p", [new TokenBucket("burst", Capacity, 1, TimeSpan.FromDays(1))]);

    /// <summary>What a caller does with its task.</summary>
    private enum Use
    {
        Await,
        TakeEarly,
        AwaitTwice,
        AwaitLate,
        AwaitAtOnceOnTwoThreads,
        Forget,
        CancelAndForget,
        CancelAndAwaitTwice,
        SpinForTheResult,
        TakeEarlyThenAwait,
    }

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

    // A version has 16 bits: it must not come round while somebody still holds a task with it.
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

    // Quicker than the batch: the result is there, and the batch is not through with the object yet.
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

    [Fact]
    public Task Decide_RandomMisuseOnAGatedStore_ChargesEverybodyElseExactly()
        => Gen.Select(Gen.Enum<Use>(), Gen.Int[0, 3]).Array[1, 60].SampleAsync(
            async steps =>
            {
                GatedStore store = new(new FakeTimeProvider());
                RateLimiterClient limiter = OneLane(store);
                List<Task> all = [];
                List<Task<RateLimitDecision>> honest = [];
                foreach ((Use use, int answers) in steps)
                {
                    if (use == Use.Await)
                    {
                        honest.Add(AwaitAsync(limiter));
                    }
                    else
                    {
                        all.Add(MisuseAsync(limiter, use));
                    }

                    for (var i = 0; i < answers; i++)
                    {
                        store.TryAnswer();
                        await Task.Yield();
                    }
                }

                await AnswerAsync(store, [.. all, .. honest]);
                await AssertExactAsync(limiter, store, honest);
            },
            iter: 40,
            threads: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Decide_RandomMisuseOnRedis_ChargesEverybodyElseExactly(int seed)
    {
        await using RateLimiterClient limiter = await shared.ReplicaAsync(shared.NewPrefix(), options => options.Lanes = 2);
        Use[] misuses = [.. Enum.GetValues<Use>().Except([Use.Await])];
        List<Task<RateLimitDecision>> honest = [];
        await Task.WhenAll(Enumerable.Range(0, 16).Select(worker => Task.Run(async () =>
        {
            Random random = new((seed * 100) + worker);
            for (var i = 0; i < 200; i++)
            {
                if (worker % 2 == 0)
                {
                    Task<RateLimitDecision> asked = AwaitAsync(limiter);
                    lock (honest)
                    {
                        honest.Add(asked);
                    }

                    await asked;
                }
                else
                {
                    await MisuseAsync(limiter, misuses[random.Next(misuses.Length)]);
                }
            }
        }))).WaitAsync(Limit);

        Assert.Equal(8 * 200, honest.Count);
        await AssertExactAsync(limiter, store: null, honest);
    }

    // Each honest caller sees a level of its own, and all of them together have paid exactly what is missing.
    private static async Task AssertExactAsync(RateLimiterClient limiter, GatedStore? store, List<Task<RateLimitDecision>> honest)
    {
        RateLimitDecision[] decisions = await Task.WhenAll(honest);
        Assert.All(decisions, decision => Assert.Equal((true, DecisionSource.Store), (decision.IsAllowed, decision.Source)));
        Assert.Distinct(decisions.Select(Left));
        Task<RateLimitDecision> probe = limiter.DecideAsync([new Charge(Policy, "honest", 0)]).AsTask();
        if (store is not null)
        {
            await AnswerAsync(store, probe);
        }

        Assert.Equal(Capacity - honest.Count, Left(await probe.WaitAsync(Limit)));
    }

    private static async Task<RateLimitDecision> AwaitAsync(RateLimiterClient limiter)
        => await limiter.DecideAsync([new Charge(Policy, "honest")]);

    private static async Task MisuseAsync(RateLimiterClient limiter, Use use)
    {
        using CancellationTokenSource cancellation = new();
        ValueTask<RateLimitDecision> task = limiter.DecideAsync([new Charge(Policy, "other")], cancellation.Token);
        switch (use)
        {
            case Use.TakeEarly:
                Try(() => task.GetAwaiter().GetResult());
                break;
            case Use.TakeEarlyThenAwait:
                Try(() => task.GetAwaiter().GetResult());
                await TryAsync(task);
                break;
            case Use.AwaitTwice:
                await TryAsync(task);
                await TryAsync(task);
                break;
            case Use.AwaitLate:
                await TryAsync(task);
                await TryAsync(limiter.DecideAsync([new Charge(Policy, "other")]));
                await TryAsync(task);
                Try(() => task.GetAwaiter().OnCompleted(() => { }));
                break;
            case Use.AwaitAtOnceOnTwoThreads:
                await Task.WhenAll(Task.Run(() => TryAsync(task)), Task.Run(() => TryAsync(task)));
                break;
            case Use.CancelAndForget:
                await cancellation.CancelAsync();
                break;
            case Use.CancelAndAwaitTwice:
                await cancellation.CancelAsync();
                await TryAsync(task);
                await TryAsync(task);
                break;
            case Use.SpinForTheResult:
                for (var i = 0; i < 1000; i++)
                {
                    Try(() => task.GetAwaiter().GetResult());
                }

                break;
        }
    }

    private static void Try(Action misuse)
    {
        try
        {
            misuse();
        }
        catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException)
        {
            // What is to be expected.
        }
    }

    private static async Task TryAsync(ValueTask<RateLimitDecision> task)
    {
        try
        {
            await task;
        }
        catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException)
        {
            // What is to be expected.
        }
    }

    private static RateLimiterClient OneLane(GatedStore store)
        => new(store, new RedisRateLimiterOptions { Lanes = 1 }, new FakeTimeProvider());

    private static ValueTask<RateLimitDecision> Ask(RateLimiterClient limiter) => limiter.DecideAsync([new Charge(Policy, "a")]);

    private static long Left(RateLimitDecision decision) => decision.Buckets[0].Remaining;

    private static Task AnswerAsync(GatedStore store, params Task[] asked) => Poll.UntilAsync("everybody is answered", () =>
    {
        store.TryAnswer();
        return Task.WhenAll(asked).IsCompleted;
    }, Limit);
}
