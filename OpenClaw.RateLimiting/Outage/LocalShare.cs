using OpenClaw.RateLimiting.Memory;

namespace OpenClaw.RateLimiting.Outage;

/// <summary>This replica's share of one partition.</summary>
internal sealed class LocalShare(RateLimitPolicy policy, string name, int index)
{
    public RateLimitPolicy Policy { get; } = policy;

    public string Name { get; } = name;

    public MemoryPartition State { get; } = new();

    /// <summary>Its place in the list that eviction samples.</summary>
    public int Index { get; set; } = index;

    /// <summary>When it was last charged, in microseconds.</summary>
    public long SavedAt { get; set; }
}
