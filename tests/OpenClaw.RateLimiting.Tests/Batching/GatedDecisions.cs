using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.TestServers;

namespace OpenClaw.RateLimiting.Tests.Batching;

/// <summary>Decisions of a limiter with one queue before a gated store.</summary>
internal static class GatedDecisions
{
    public const int Capacity = 100_000;

    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static readonly RateLimitPolicy Policy = new("p", [new TokenBucket("burst", Capacity, 1, TimeSpan.FromDays(1))]);

    public static RateLimiterClient OneLane(GatedStore store)
        => new(store, new RedisRateLimiterOptions { Lanes = 1 }, new FakeTimeProvider());

    public static ValueTask<RateLimitDecision> Ask(RateLimiterClient limiter) => limiter.DecideAsync([new Charge(Policy, "a")]);

    public static long Left(RateLimitDecision decision) => decision.Buckets[0].Remaining;

    public static Task AnswerAsync(GatedStore store, params Task[] asked) => Poll.UntilAsync("everybody is answered", () =>
    {
        store.TryAnswer();
        return Task.WhenAll(asked).IsCompleted;
    }, Limit);
}
