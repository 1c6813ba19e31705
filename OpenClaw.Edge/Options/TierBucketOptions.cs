namespace OpenClaw.Edge.Options;

/// <summary>Limits that a tier changes in one bucket. Null keeps the policy's own value. Made by the settings
/// binder, read by the policy compiler.</summary>
internal sealed class TierBucketOptions
{
    public long? Capacity { get; set; }

    public long? RefillTokens { get; set; }

    public TimeSpan? RefillPeriod { get; set; }

    public bool? Shadow { get; set; }

    /// <summary>Percent of the bucket used at which a client of the tier gets an event, each 1 to 100, up to 10; an empty list for
    /// none.</summary>
    public List<int>? Thresholds { get; set; }
}
