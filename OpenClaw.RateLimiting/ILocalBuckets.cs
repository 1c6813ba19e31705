namespace OpenClaw.RateLimiting;

/// <summary>In-process buckets that a decision was charged to.</summary>
internal interface ILocalBuckets
{
    /// <summary>Partition of the buckets.</summary>
    string Name { get; }

    /// <summary>Returns tokens to the buckets that paid in the decision, if they are still the same buckets.</summary>
    void Refund(in RateLimitDecision decision, long cost);
}
