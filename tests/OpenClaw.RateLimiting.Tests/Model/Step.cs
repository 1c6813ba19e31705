using OpenClaw.RateLimiting.Batching;

namespace OpenClaw.RateLimiting.Tests.Model;

/// <summary>One call of the limiter, some time after the one before.</summary>
/// <param name="Advance">Microseconds by which the clock moves first; negative for a clock that is put back.</param>
/// <param name="Operation">What it does.</param>
/// <param name="Charges">Whose buckets, and how many tokens.</param>
/// <param name="Buckets">Which of them a debit or a refund is for.</param>
internal sealed record Step(long Advance, Operation Operation, IReadOnlyList<Charge> Charges, byte Buckets = BucketSet.All)
{
    public override string ToString()
        => $"+{Advance} {Operation} {(Buckets == BucketSet.All ? "" : $"in {Buckets:b8} ")}"
            + string.Join(" & ", Charges.Select(c => $"{c.Cost} of {c.Partition} under {Describe(c.Policy)}"));

    private static string Describe(RateLimitPolicy policy)
        => $"{policy.Name}({string.Join(", ", policy.Buckets.Select(Describe))})";

    private static string Describe(TokenBucket bucket)
        => $"{bucket.Name} {bucket.Capacity} {bucket.RefillTokens}/{bucket.RefillPeriod.TotalMicroseconds}us"
            + (bucket.Shadow ? " shadow" : "");
}
