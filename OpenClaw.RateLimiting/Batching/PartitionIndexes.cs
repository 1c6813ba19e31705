using System.Runtime.CompilerServices;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>Index in the batch of the partition of each charge of a decision.</summary>
[InlineArray(ChargeValidator.MaxCharges)]
internal struct PartitionIndexes
{
    private int _first;
}
