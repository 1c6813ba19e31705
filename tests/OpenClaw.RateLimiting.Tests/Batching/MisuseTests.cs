using CsCheck;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Tests.Redis;
using OpenClaw.TestServers;
using Xunit;
using static OpenClaw.RateLimiting.Tests.Batching.GatedDecisions;

namespace OpenClaw.RateLimiting.Tests.Batching;

/// <summary>A caller that misuses the task of a decision (takes its result too early, twice or never) affects only itself; all other
/// callers get the right answer.</summary>
public sealed class MisuseTests(SharedRedis shared)
{
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

    // Each correct caller sees a different level, and the tokens missing are exactly those that they were charged.
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
            // The expected exception.
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
            // The expected exception.
        }
    }
}
