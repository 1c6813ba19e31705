namespace OpenClaw.Edge.Usage;

/// <summary>Decisions of one policy with their latency. Not safe for concurrent use.</summary>
internal sealed class PolicyUsage
{
    /// <summary>Decisions by bucket of the <see cref="LatencyHistogram"/>.</summary>
    public long[] Latency { get; } = new long[LatencyHistogram.Buckets];

    public UsageCounts Counts { get; set; }

    public void Add(PolicyUsage other)
    {
        Counts += other.Counts;
        for (int i = 0; i < Latency.Length; i++)
        {
            Latency[i] += other.Latency[i];
        }
    }

    public void Clear()
    {
        Counts = default;
        Array.Clear(Latency);
    }
}
