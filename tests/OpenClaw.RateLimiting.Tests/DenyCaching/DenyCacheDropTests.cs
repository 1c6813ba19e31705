using OpenClaw.RateLimiting.DenyCaching;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.DenyCaching;

public sealed class DenyCacheDropTests : DenyCacheTestBase
{
    [Fact]
    public async Task Refund_AfterADenial_DropsIt()
    {
        await AskAsync(2);
        await _limiter.RefundAsync(new Charge(Policy, "a"));

        Assert.Equal((true, DecisionSource.Store), Short(await AskAsync()));
    }

    [Fact]
    public async Task Reset_AfterADenial_DropsIt()
    {
        await AskAsync(2);
        await _limiter.ResetAsync(Policy, "a");

        Assert.Equal((true, DecisionSource.Store), Short(await AskAsync()));
    }

    [Fact]
    public async Task Block_Lifted_DropsTheDenial()
    {
        await _limiter.BlockAsync(Policy, "a", TimeSpan.FromHours(1));
        RateLimitDecision first = await AskAsync(), second = await AskAsync();
        await _limiter.UnblockAsync(Policy, "a");

        Assert.Equal((false, DecisionSource.Store), Short(first));
        Assert.Equal((false, DecisionSource.DenyCache), Short(second));
        Assert.Null(second.RefusedBy);
        Assert.Equal(TimeSpan.FromHours(1), second.BlockedFor);
        Assert.Equal((true, DecisionSource.Store), Short(await AskAsync()));
    }

    [Fact]
    public async Task Decide_PolicyRaised_AsksRedis()
    {
        await AskAsync(2);
        RateLimitPolicy raised = new("p", [new TokenBucket("burst", 2, 1000, TimeSpan.FromSeconds(1))]);
        _time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal((true, DecisionSource.Store), Short(await _limiter.DecideAsync([new Charge(raised, "a")])));
    }

    [Fact]
    public async Task Decide_PolicyReadAgainUnchanged_KeepsTheDenial()
    {
        await AskAsync(2);
        RateLimitPolicy same = new("p", [new TokenBucket("burst", 2, 1, TimeSpan.FromSeconds(1))]);

        Assert.Equal((false, DecisionSource.DenyCache), Short(await _limiter.DecideAsync([new Charge(same, "a")])));
    }

    [Fact]
    public async Task Decide_LongDenial_AsksRedisAgainWithinTenSeconds()
    {
        RateLimitPolicy daily = new("daily", [new TokenBucket("daily", 1, 1, TimeSpan.FromDays(1))]);
        await _limiter.DecideAsync([new Charge(daily, "a")]);
        _time.Advance(TimeSpan.FromSeconds(9));
        RateLimitDecision trusted = await _limiter.DecideAsync([new Charge(daily, "a")]);
        _time.Advance(TimeSpan.FromSeconds(1.1));

        Assert.Equal(DecisionSource.DenyCache, trusted.Source);
        Assert.Equal((false, DecisionSource.Store), Short(await _limiter.DecideAsync([new Charge(daily, "a")])));
    }

    private static (bool, DecisionSource) Short(RateLimitDecision decision) => (decision.IsAllowed, decision.Source);
}
