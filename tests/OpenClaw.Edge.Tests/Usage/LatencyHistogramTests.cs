using CsCheck;
using OpenClaw.Edge.Usage;

namespace OpenClaw.Edge.Tests.Usage;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void IndexOf_AnyDuration_IsTheBucketThatHoldsIt() => Gen.Long[0, 1L << 40].Sample(microseconds =>
    {
        int index = LatencyHistogram.IndexOf(microseconds);

        Assert.InRange(index, 0, LatencyHistogram.Buckets - 1);
        Assert.True(LatencyHistogram.StartOf(index) <= microseconds);
        Assert.True(index == LatencyHistogram.Buckets - 1 || microseconds < LatencyHistogram.StartOf(index + 1));
    });

    [Fact]
    public void IndexOf_EveryStart_IsItsBucket() => Assert.All(
        Enumerable.Range(0, LatencyHistogram.Buckets), i => Assert.Equal(i, LatencyHistogram.IndexOf(LatencyHistogram.StartOf(i))));

    [Fact]
    public void Quantile_OfDurations_IsOffByAtMostAQuarter() => Gen.Long[1, 1_000_000].Array[1, 500].Sample(durations =>
    {
        long[] counts = new long[LatencyHistogram.Buckets];
        foreach (long duration in durations)
        {
            counts[LatencyHistogram.IndexOf(duration)]++;
        }

        Array.Sort(durations);
        foreach (double fraction in (double[])[0.5, 0.95, 0.99])
        {
            double exact = durations[(int)Math.Ceiling(durations.Length * fraction) - 1] / 1000.0;
            Assert.InRange(LatencyHistogram.Quantile(counts, fraction), exact * 0.75, (exact * 1.25) + 0.001);
        }
    });

    [Fact]
    public void Quantile_OfNothing_IsZero() => Assert.Equal(0, LatencyHistogram.Quantile(new long[LatencyHistogram.Buckets], 0.5));
}
