using System.Runtime.CompilerServices;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>Which partitions of a batch the charges of one decision belong to.</summary>
[InlineArray(ChargeValidator.MaxCharges)]
internal struct PartitionIndexes
{
    private int _first;
}
