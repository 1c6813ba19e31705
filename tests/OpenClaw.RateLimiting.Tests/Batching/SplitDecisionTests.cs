using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Batching;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Batching;

/// <summary>A decision in two parts leaves the buckets as one in a single call would.</summary>
public sealed class SplitDecisionTests
{
    private static readonly RateLimitPolicy Address = new(
        "address", [Bucket("hard", 10), Bucket("soft", 3) with { Shadow = true }, Bucket("softer", 1) with { Shadow = true }]);

    private static readonly RateLimitPolicy Client = new("client", [Bucket("hard", 5)]);

    private readonly TokenBucketLimiter _limiter = TokenBucketLimiter.InMemory(new FakeTimeProvider());

    [Fact]
    public async Task Decide_BothPay_ChargesBoth()
    {
        RateLimitDecision decision = await DecideAsync(2, 5);

        Assert.True(decision.IsAllowed);
        Assert.Equal([8, 1, 1, 0], decision.Buckets.Select(bucket => bucket.Remaining));
        Assert.Equal([8, 1, 1, 0], await LeftAsync());
    }

    [Fact]
    public async Task Decide_OneRefuses_GivesTheOtherBackToTheBucketsThatPaid()
    {
        // Leaves 8, 1 and 1: the next two tokens are more than the shadows have.
        await _limiter.DecideAsync([new Charge(Address, "x", 2)]);

        RateLimitDecision decision = await DecideAsync(2, 6);

        Assert.False(decision.IsAllowed);
        Assert.Equal(3, decision.RefusedBy);
        Assert.Equal([false, true, true, true], decision.Buckets.Select(bucket => bucket.Lacks));
        Assert.Equal([8, 1, 1, 5], await LeftAsync());
    }

    private static TokenBucket Bucket(string name, long capacity) => new(name, capacity, 1, TimeSpan.FromHours(1));

    private ValueTask<RateLimitDecision> DecideAsync(long address, long client)
        => SplitDecision.DecideAsync(_limiter, [new Charge(Address, "x", address), new Charge(Client, "y", client)], CancellationToken.None);

    private async Task<IEnumerable<long>> LeftAsync()
        => (await _limiter.DecideAsync([new Charge(Address, "x", 0), new Charge(Client, "y", 0)])).Buckets.Select(bucket => bucket.Remaining);
}
