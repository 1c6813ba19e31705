namespace OpenClaw.Edge.Options;

/// <summary>What clients are told.</summary>
internal sealed class AnswerOptions
{
    /// <summary>Which rate limit fields responses carry. Default <see cref="HeaderStyle.Ietf"/>.</summary>
    public HeaderStyle RateLimitHeaders { get; set; }

    /// <summary>Retry-After is later than the truth by up to this fraction of the wait, at random, rounded up to whole seconds. 0 to 10. Default 0.5.</summary>
    public double RetryAfterJitter { get; set; } = 0.5;
}
