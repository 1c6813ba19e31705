using System.Numerics;

namespace OpenClaw.Edge.Usage;

/// <summary>Histogram of durations with fixed buckets: single microseconds up to 4 µs, then four buckets for each doubling, up to 16 s. A
/// quantile is off by at most a quarter of its value.</summary>
internal static class LatencyHistogram
{
    public const int Buckets = 96;

    private const int BitsOfBucket = 2;
    private const int PerDoubling = 1 << BitsOfBucket;

    /// <summary>Index of the bucket of a duration in microseconds.</summary>
    public static int IndexOf(long microseconds)
    {
        if (microseconds < PerDoubling)
        {
            return (int)Math.Max(0, microseconds);
        }

        int power = BitOperations.Log2((ulong)microseconds);
        int index = ((power - 1) * PerDoubling) + (int)((microseconds >> (power - BitsOfBucket)) & (PerDoubling - 1));
        return Math.Min(index, Buckets - 1);
    }

    /// <summary>Smallest duration in a bucket, in microseconds.</summary>
    public static long StartOf(int index) => index < PerDoubling
        ? index
        : (PerDoubling + (index % PerDoubling)) << ((index / PerDoubling) - 1);

    /// <summary>Quantile of the durations in milliseconds; 0 when there are none.</summary>
    /// <param name="counts">Durations in each bucket.</param>
    /// <param name="fraction">Above 0 and up to 1.</param>
    public static double Quantile(ReadOnlySpan<long> counts, double fraction)
    {
        long total = 0;
        foreach (long count in counts)
        {
            total += count;
        }

        double rank = total * fraction;
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0 && rank <= counts[i])
            {
                double start = StartOf(i), end = StartOf(i + 1);
                return (start + ((end - start) * rank / counts[i])) / 1000;
            }

            rank -= counts[i];
        }

        return 0;
    }
}
