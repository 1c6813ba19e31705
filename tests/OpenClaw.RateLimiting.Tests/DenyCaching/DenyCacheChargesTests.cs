using OpenClaw.RateLimiting.DenyCaching;
using OpenClaw.RateLimiting.Limiter;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.DenyCaching;

public sealed class DenyCacheChargesTests : DenyCacheTestBase
{
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

    private static (bool, DecisionSource) Short(RateLimitDecision decision) => (decision.IsAllowed, decision.Source);
}
