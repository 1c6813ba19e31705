using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Batching;

/// <summary>A call to Redis for one request is part of its trace; a call for the requests queued meanwhile is part of none.</summary>
public sealed class CallerContextTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly RateLimitPolicy Policy = new("p", [new TokenBucket("burst", 5, 1, TimeSpan.FromSeconds(1))]);

    private readonly AsyncLocal<string?> _local = new();
    private readonly GatedStore _gate;
    private readonly ContextStore _store;
    private readonly RateLimiterClient _limiter;

    public CallerContextTests()
    {
        FakeTimeProvider time = new();
        _gate = new GatedStore(time);
        _store = new ContextStore(_gate, _local);
        _limiter = new RateLimiterClient(_store, new RedisRateLimiterOptions { Lanes = 1 }, time);
    }

    [Fact]
    public async Task Decide_LaneStaysBusy_LaterCallsSeeNothingOfTheFirstCaller()
    {
        Task<RateLimitDecision> first = AskAs("first"), second = AskAs("second");

        await AnswerAsync(first, second);

        Assert.Equal(("first", "first"), _store.Seen[0]);
        Assert.All(_store.Seen[1..], seen => Assert.Equal((null, null), seen));
        Assert.Equal(4, _store.Seen.Count);
    }

    [Fact]
    public async Task Decide_LaneIdleAgain_IsSentInTheContextOfItsCaller()
    {
        await AnswerAsync(AskAs("first"));
        await AnswerAsync(AskAs("second"));

        Assert.Equal(["first", null, "second", null], _store.Seen.Select(seen => seen.Activity));
    }

    [Fact]
    public async Task Decide_WhereTheFlowIsSuppressedAlready_IsSent()
    {
        Task<RateLimitDecision> asked;
        using (ExecutionContext.SuppressFlow())
        {
            asked = _limiter.DecideAsync([new Charge(Policy, "a")]).AsTask();
            Assert.True(ExecutionContext.IsFlowSuppressed());
        }

        await AnswerAsync(asked);
        Assert.True((await asked).IsAllowed);
    }

    [Fact]
    public async Task Decide_Answered_GoesOnInTheCallersOwnContext()
    {
        Task<string?> first = AskAndTell("first"), second = AskAndTell("second");
        await AnswerAsync(first, second);

        Assert.Equal(["first first", "second second"], await Task.WhenAll(first, second));

        async Task<string?> AskAndTell(string name)
        {
            _local.Value = name;
            using Activity activity = new Activity(name).Start();
            await _limiter.DecideAsync([new Charge(Policy, "a")]);
            return $"{_local.Value} {Activity.Current?.OperationName}";
        }
    }

    private async Task<RateLimitDecision> AskAs(string name)
    {
        _local.Value = name;
        using Activity activity = new Activity(name).Start();
        return await _limiter.DecideAsync([new Charge(Policy, "a")]);
    }

    private Task AnswerAsync(params Task[] asked) => Poll.UntilAsync("everybody is answered", () =>
    {
        _gate.TryAnswer();
        return Task.WhenAll(asked).IsCompleted;
    }, Limit);
}
