using OpenClaw.RateLimiting.Batching;

namespace OpenClaw.RateLimiting.Tests.Model;

/// <summary>One call of the limiter, some time after the one before.</summary>
/// <param name="Advance">Microseconds by which the clock moves first; negative for a clock that is put back.</param>
internal sealed record Step(long Advance, Operation Operation, IReadOnlyList<Charge> Charges)
{
    public override string ToString() => $"+{Advance} {Operation} {string.Join(" & ", Charges.Select(c => $"{c.Cost} of {c.Partition} under {Describe(c.Policy)}"))}";

    private static string Describe(RateLimitPolicy policy)
        => $"{policy.Name}({string.Join(", ", policy.Buckets.Select(b => $"{b.Name} {b.Capacity} {b.RefillTokens}/{b.RefillPeriod.TotalMicroseconds}us{(b.Shadow ? " shadow" : "")}"))})";
}
