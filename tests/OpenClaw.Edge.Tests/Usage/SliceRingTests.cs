using OpenClaw.Edge.Usage;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Tests.Usage;

public sealed class SliceRingTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Sum_TimePasses_HasTheCurrentSliceAndThoseBeforeIt()
    {
        SliceRing ring = new(TimeSpan.FromSeconds(10), 6, 100);
        ring.Add(Start, One());
        ring.Add(Start.AddSeconds(9.9), One());
        ring.Add(Start.AddSeconds(10), One());

        Assert.Equal(3, CountOf(ring.Sum(Start.AddSeconds(59.9))));
        Assert.Equal(1, CountOf(ring.Sum(Start.AddSeconds(60))));
        Assert.Equal(0, CountOf(ring.Sum(Start.AddSeconds(70))));
        ring.Add(Start.AddHours(5), One());
        Assert.Equal(1, CountOf(ring.Sum(Start.AddHours(5))));
    }

    [Fact]
    public void Add_ClockSetBack_BelongsToTheLastSlice()
    {
        SliceRing ring = new(TimeSpan.FromSeconds(10), 6, 100);
        ring.Add(Start, One());

        ring.Add(Start.AddMinutes(-5), One());

        Assert.Equal(2, CountOf(ring.Sum(Start.AddMinutes(-5))));
        Assert.Equal(2, CountOf(ring.Sum(Start.AddSeconds(1))));
    }

    private static long CountOf(UsageSlice slice) => slice.Policies.GetValueOrDefault("rating")?.Counts.Admitted ?? 0;

    private static UsageSlice One()
    {
        UsageFrame frame = new(100);
        frame.Add(new UsageRecord("rating", null, new UsageSubject("acme", default), true, DecisionSource.Store, 10));
        UsageSlice slice = new(100);
        slice.Add(frame);
        return slice;
    }
}
