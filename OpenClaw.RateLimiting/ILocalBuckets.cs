namespace OpenClaw.RateLimiting;

/// <summary>The buckets in this process that a decision was charged to.</summary>
internal interface ILocalBuckets
{
    /// <summary>Whose buckets.</summary>
    string Name { get; }

    /// <summary>Gives tokens back to the buckets that paid in the decision, if they are still the ones that it was charged to.</summary>
    void Refund(in RateLimitDecision decision, long cost);
}
