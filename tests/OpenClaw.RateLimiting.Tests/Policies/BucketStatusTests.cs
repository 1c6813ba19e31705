using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Limiter;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Policies;

public sealed class BucketStatusTests
{
    // 7 tokens in 1 ms: no token takes a whole number of ticks.
    private static readonly RateLimitPolicy Policy = new("p", [new TokenBucket("b", 1_000_000, 7, TimeSpan.FromMilliseconds(1))]);

    [Theory]
    [InlineData(0)]
    [InlineData(399_999)]
    [InlineData(400_000)]
    [InlineData(400_001)]
    [InlineData(777_777)]
    [InlineData(1_000_000)]
    [InlineData(1_000_001)]
    public async Task WithCost_AnyCost_MatchesADecision(long cost)
    {
        FakeTimeProvider time = new();
        RateLimiterClient limiter = RateLimiterClient.InMemory(time);
        BucketStatus probed = (await limiter.DecideAsync([new Charge(Policy, "a", 600_000)])).Buckets[0];

        BucketStatus status = probed.WithCost(cost);
        BucketStatus decided = (await limiter.DecideAsync([new Charge(Policy, "a", cost)])).Buckets[0];

        Assert.Equal(decided.IsInsufficient, status.IsInsufficient);
        Assert.Equal(400_000, status.Remaining);
        Assert.Equal(cost <= 400_000 ? TimeSpan.Zero : decided.RetryAfter, status.RetryAfter);
    }

    [Fact]
    public void WithCost_StatusFromNoLimiter_Throws()
        => Assert.Throws<InvalidOperationException>(
            () => new BucketStatus(Policy, Policy.Buckets[0], 1, TimeSpan.Zero, TimeSpan.Zero, false).WithCost(1));
}
