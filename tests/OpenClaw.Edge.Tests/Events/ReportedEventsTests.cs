using Microsoft.Extensions.Time.Testing;
using OpenClaw.Edge.Events;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Tests.Events;

public sealed class ReportedEventsTests
{
    [Fact]
    public void Contains_WithinAndAfterTheWindow_IsTrueAndThenFalse()
    {
        FakeTimeProvider time = new();
        ReportedEvents reported = new(time);
        reported.Set("rating", "burst", "c:acme", 80, TimeSpan.FromMinutes(10));

        Assert.True(reported.Contains("rating", "burst", "c:acme", 80));
        Assert.False(reported.Contains("rating", "burst", "c:acme", 100));
        Assert.False(reported.Contains("rating", "hour", "c:acme", 80));
        Assert.False(reported.Contains("search", "burst", "c:acme", 80));
        Assert.False(reported.Contains("rating", "burst", "c:other", 80));
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(reported.Contains("rating", "burst", "c:acme", 80));
    }

    [Fact]
    public void Contains_Asked_DoesNotAllocate()
    {
        ReportedEvents reported = new(TimeProvider.System);
        reported.Set("rating", "burst", "c:acme", 80, TimeSpan.FromMinutes(10));
        _ = reported.Contains("rating", "burst", "c:acme", 80);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 1_000; i++)
        {
            _ = reported.Contains("rating", "burst", "c:acme", 80) | reported.Contains("rating", "burst", "c:other", 80);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(20, 5, 0)]
    [InlineData(20, 4, 80)]
    [InlineData(20, 1, 80)]
    [InlineData(20, 0, 100)]
    [InlineData(1, 1, 0)]
    [InlineData(1, 0, 100)]
    [InlineData(9_000_000_000_000, 1_800_000_000_001, 0)]
    [InlineData(9_000_000_000_000, 1_800_000_000_000, 80)]
    public void Thresholds_OfABucket_ArePassedAtTheirPercentage(long capacity, long remaining, int expected)
    {
        BucketThresholds thresholds = new(new TokenBucket("burst", capacity, 1, TimeSpan.FromSeconds(1)), [100, 80]);

        Assert.Equal(expected > 0, thresholds.IsBelow(remaining, isInsufficient: false));
        if (expected > 0)
        {
            Assert.Equal(expected, thresholds.Passed(remaining, isInsufficient: false));
        }
    }

    [Fact]
    public void Thresholds_BucketDeniedWithTokensLeft_IsUsedUp()
    {
        BucketThresholds thresholds = new(new TokenBucket("burst", 20, 1, TimeSpan.FromSeconds(1)), [100, 80]);

        Assert.True(thresholds.IsBelow(10, isInsufficient: true));
        Assert.Equal(100, thresholds.Passed(10, isInsufficient: true));
    }

    [Fact]
    public void Thresholds_OfAShadowBucket_AreNeverPassed() =>
        Assert.False(new BucketThresholds(new TokenBucket("b", 1, 1, TimeSpan.FromSeconds(1)) { Shadow = true }, [100])
            .IsBelow(0, isInsufficient: true));
}
