using System.Runtime.CompilerServices;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>Charges of one decision, stored in place.</summary>
[InlineArray(ChargeValidator.MaxCharges)]
internal struct ChargeList
{
    private Charge _first;
}
