using CsCheck;
using OpenClaw.Edge.Responses;
using OpenClaw.RateLimiting;
using OpenClaw.RateLimiting.AspNetCore.Headers;

namespace OpenClaw.Edge.Tests.Responses;

public sealed class RetryAfterTests
{
    [Fact]
    public void Seconds_AnyWaitAndJitter_NeverEarlierThanTheTruthAndBounded() =>
        Gen.Select(Gen.Long[0, TimeSpan.FromDays(366).Ticks], Gen.Double[0, 10]).Sample((ticks, jitter) =>
        {
            TimeSpan wait = TimeSpan.FromTicks(ticks);
            long seconds = RetryAfterHeader.Seconds(wait, jitter)!.Value;
            double latest = Math.Max(1, Math.Ceiling(wait.TotalSeconds)) * (1 + jitter) + 1;
            return seconds >= 1 && seconds >= wait.TotalSeconds && seconds <= latest;
        });

    [Fact]
    public void Seconds_WithJitter_SpreadsThoseWhoWereRefusedTogether()
    {
        HashSet<long?> seen = [.. Enumerable.Range(0, 500).Select(_ => RetryAfterHeader.Seconds(TimeSpan.FromSeconds(10), 0.5))];

        Assert.Equal([10, 11, 12, 13, 14, 15], seen.Order());
    }

    [Fact]
    public void Seconds_NoJitter_IsTheTruthRoundedUp() => Assert.Equal(3, RetryAfterHeader.Seconds(TimeSpan.FromSeconds(2.0000001), 0));

    [Fact]
    public void Seconds_Never_HasNoValue() => Assert.Null(RetryAfterHeader.Seconds(Timeout.InfiniteTimeSpan, 1));

    /// <summary>From the definition: tokens refill evenly, so the next whole one comes (floor + 1 - tokens) / rate from now.</summary>
    [Fact]
    public void SecondsUntilMore_AnyBalance_NotBeforeTheNextTokenAndLessThanASecondAfter() =>
        Gen.Select(Gen.Long[1, 10_000], Gen.Long[1, 1_000], Gen.Long[1, 86_400], Gen.Double[0, 1])
            .Sample((capacity, refill, seconds, fill) =>
        {
            TokenBucket bucket = new("b", capacity, refill, TimeSpan.FromSeconds(seconds));
            double tokens = capacity * fill;
            double interval = (double)seconds / refill;
            RateLimitPolicy policy = new("p", [bucket]);
            BucketStatus status = new(
                policy, bucket, (long)tokens, TimeSpan.Zero, TimeSpan.FromSeconds((capacity - tokens) * interval), IsInsufficient: false);

            long untilMore = RateLimitHeadersDraft11.SecondsUntilMore(status);

            double truth = (Math.Floor(tokens) + 1 - tokens) * interval;
            return status.FullAfter == TimeSpan.Zero
                ? untilMore == 0
                : untilMore >= Math.Min(truth, status.FullAfter.TotalSeconds) - 1e-3 && untilMore < truth + 1.001;
        });
}
