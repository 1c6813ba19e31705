using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Limiter;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Batching;

public sealed class BucketSetTests
{
    private static readonly TokenBucket First = Bucket("first", 10), Second = Bucket("second", 2) with { Shadow = true }, Third = Bucket(
        "third", 10);
    private static readonly RateLimitPolicy Policy = new("p", [First, Second, Third]);

    private readonly RateLimiterClient _limiter = RateLimiterClient.InMemory(new FakeTimeProvider());

    [Theory]
    [InlineData(1, 0b111)]
    [InlineData(3, 0b101)]
    [InlineData(11, 0)]
    public async Task PaidIn_OneDecision_IsWhoWasCharged(long cost, byte expected)
    {
        RateLimitDecision decision = await _limiter.DecideAsync([new Charge(Policy, "a", cost)]);

        Assert.Equal(expected, BucketSet.PaidIn(decision, Policy));
    }

    [Fact]
    public async Task PaidIn_PolicyChangedSince_FindsTheBucketsByName()
    {
        RateLimitDecision decision = await _limiter.DecideAsync([new Charge(Policy, "a", 3)]);

        Assert.Equal(
            0b1001, BucketSet.PaidIn(decision, new RateLimitPolicy("p", [Third, Bucket("new", 1), Second with { Shadow = false }, First])));
    }

    [Fact]
    public async Task PaidIn_SeveralPolicies_EachHasItsOwn()
    {
        RateLimitPolicy other = new("q", [First, Second with { Capacity = 5 }]);

        RateLimitDecision decision = await _limiter.DecideAsync([new Charge(Policy, "a", 3), new Charge(other, "a", 3)]);

        Assert.Equal((0b101, 0b11), (BucketSet.PaidIn(decision, Policy), BucketSet.PaidIn(decision, other)));
    }

    [Fact]
    public async Task PaidIn_OnePolicyForTwoPartitions_LeavesOutWhatLackedInOne()
    {
        RateLimitDecision decision = await _limiter.DecideAsync([new Charge(Policy, "a", 3), new Charge(Policy, "b", 1)]);

        Assert.Equal(0b101, BucketSet.PaidIn(decision, Policy));
    }

    [Fact]
    public async Task Settle_AfterADecision_ConcernsTheBucketsThatPaid()
    {
        Charge charge = new(Policy, "a", 3);
        RateLimitDecision decision = await _limiter.DecideAsync([charge]);

        await _limiter.DebitAsync(charge with { Cost = 1 }, decision);
        Assert.Equal([6, 2, 6], await LeftAsync());
        await _limiter.DebitAsync(charge with { Cost = 1 });
        Assert.Equal([5, 1, 5], await LeftAsync());
        await _limiter.RefundAsync(charge with { Cost = 4 }, decision);
        Assert.Equal([9, 1, 9], await LeftAsync());
        await _limiter.RefundAsync(charge with { Cost = 1 });
        Assert.Equal([10, 2, 10], await LeftAsync());
    }

    [Fact]
    public async Task Settle_RefusedDecision_ChangesNothing()
    {
        Charge charge = new(Policy, "a", 11);
        RateLimitDecision refused = await _limiter.DecideAsync([charge]);

        await _limiter.DebitAsync(charge, refused);
        Assert.Equal([10, 2, 10], await LeftAsync());
        await _limiter.DebitAsync(charge);
        await _limiter.RefundAsync(charge, refused);
        Assert.Equal([0, 0, 0], await LeftAsync());
    }

    private static TokenBucket Bucket(string name, long capacity) => new(name, capacity, 1, TimeSpan.FromHours(1));

    private async Task<IEnumerable<long>> LeftAsync()
        => (await _limiter.DecideAsync([new Charge(Policy, "a", 0)])).Buckets.Select(bucket => bucket.Remaining);
}
