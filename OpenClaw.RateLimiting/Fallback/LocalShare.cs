using OpenClaw.RateLimiting.Memory;

namespace OpenClaw.RateLimiting.Fallback;

/// <summary>This replica's share of one partition.</summary>
internal sealed class LocalShare(FailureModeStore store, RateLimitPolicy policy, string name) : ILocalBuckets
{
    public RateLimitPolicy Policy { get; } = policy;

    public string Name { get; } = name;

    public MemoryPartition State { get; } = new();

    /// <summary>Position in the list that eviction samples.</summary>
    public int Index { get; set; }

    /// <summary>Time of the last charge, in microseconds.</summary>
    public long SavedAt { get; set; }

    public void Refund(in RateLimitDecision decision, long cost) => store.Refund(this, decision, cost);
}
