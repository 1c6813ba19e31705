using System.Numerics;

namespace OpenClaw.EdgeBench.Load;

/// <summary>Counts latencies in buckets of at most 1.6 % of their value, up to a minute.</summary>
internal sealed class LatencyHistogram
{
    // 64 buckets for each power of two, single microseconds below 128.
    private const int SubBucketBits = 6;
    private const int SubBuckets = 1 << SubBucketBits;
    private const long Longest = (1L << 26) - 1;

    private readonly long[] _counts = new long[IndexOf(Longest) + 1];

    public long Count { get; private set; }

    public void Record(TimeSpan latency) => Record(latency.Ticks / TimeSpan.TicksPerMicrosecond);

    public void Record(long microseconds)
    {
        _counts[IndexOf(Math.Clamp(microseconds, 0, Longest))]++;
        Count++;
    }

    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
    }

    /// <summary>Quantile of the latencies in milliseconds; 0 without responses.</summary>
    /// <param name="share">0.5 for the median, 1 for the longest.</param>
    public double Percentile(double share)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return HighestOf(i) / 1000.0;
            }
        }

        return 0;
    }

    private static int IndexOf(long value)
    {
        int shift = value < 2 * SubBuckets ? 0 : BitOperations.Log2((ulong)value) - SubBucketBits;
        return shift * SubBuckets + (int)(value >> shift);
    }

    private static long HighestOf(int index)
    {
        int shift = index < 2 * SubBuckets ? 0 : index / SubBuckets - 1;
        return ((index - shift * SubBuckets + 1L) << shift) - 1;
    }
}
