using System.Runtime.CompilerServices;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>The charges of one decision, in place.</summary>
[InlineArray(ChargeValidator.MaxCharges)]
internal struct ChargeList
{
    private Charge _first;
}
