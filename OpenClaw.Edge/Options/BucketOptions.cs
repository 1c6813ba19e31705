namespace OpenClaw.Edge.Options;

/// <summary>One limit of a policy.</summary>
internal sealed class BucketOptions
{
    /// <summary>Tokens in a full bucket: the burst. Required, at least 1.</summary>
    public long Capacity { get; set; }

    /// <summary>Tokens that come back per <see cref="RefillPeriod"/>. Required, at least 1.</summary>
    public long RefillTokens { get; set; }

    /// <summary>1 ms to 366 days. Default one second.</summary>
    public TimeSpan RefillPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Decides and counts but never refuses. Default false.</summary>
    public bool Shadow { get; set; }
}
