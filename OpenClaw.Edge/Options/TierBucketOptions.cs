namespace OpenClaw.Edge.Options;

/// <summary>Limits that a tier changes in one bucket. Null keeps the policy's own value. Made by the settings
/// binder, read by the policy compiler.</summary>
internal sealed class TierBucketOptions
{
    public long? Capacity { get; set; }

    public long? RefillTokens { get; set; }

    public TimeSpan? RefillPeriod { get; set; }

    public bool? Shadow { get; set; }
}
