namespace OpenClaw.Edge.Options;

/// <summary>One bucket of a policy: one limit.</summary>
internal sealed class BucketOptions
{
    /// <summary>Tokens in a full bucket: the burst. Required, at least 1.</summary>
    public long Capacity { get; set; }

    /// <summary>Tokens added per <see cref="RefillPeriod"/>. Required, at least 1.</summary>
    public long RefillTokens { get; set; }

    /// <summary>1 ms to 366 days. Default one second.</summary>
    public TimeSpan RefillPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Shadow mode: the bucket counts refusals but never refuses. Default false.</summary>
    public bool Shadow { get; set; }
}
