using System.Runtime.CompilerServices;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>The charges of one decision, in place.</summary>
[InlineArray(Capacity)]
internal struct ChargeList
{
    /// <summary>Most charges that one decision may have.</summary>
    public const int Capacity = 4;

    private Charge _first;
}
