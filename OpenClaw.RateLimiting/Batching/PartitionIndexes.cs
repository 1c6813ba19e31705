using System.Runtime.CompilerServices;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>Which partitions of a batch the charges of one decision belong to.</summary>
[InlineArray(ChargeList.Capacity)]
internal struct PartitionIndexes
{
    private int _first;
}
