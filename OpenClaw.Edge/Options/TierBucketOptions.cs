namespace OpenClaw.Edge.Options;

/// <summary>What a tier changes in one bucket. What is not set stays as the policy has it.</summary>
internal sealed class TierBucketOptions
{
    public long? Capacity { get; set; }

    public long? RefillTokens { get; set; }

    public TimeSpan? RefillPeriod { get; set; }

    public bool? Shadow { get; set; }
}
