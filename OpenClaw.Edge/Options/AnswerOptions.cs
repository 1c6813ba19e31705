using System.ComponentModel.DataAnnotations;
using OpenClaw.RateLimiting.AspNetCore;

namespace OpenClaw.Edge.Options;

/// <summary>Settings of rate limit fields in responses.</summary>
internal sealed class AnswerOptions
{
    /// <summary>Which rate limit fields responses carry. Default <see cref="RateLimitHeaderStyle.Ietf"/>.</summary>
    public RateLimitHeaderStyle RateLimitHeaders { get; set; }

    /// <summary>Random delay added to Retry-After, up to this fraction of the wait, rounded up to whole seconds. 0 to 10. Default
    /// 0.5.</summary>
    [Range(0.0, 10.0)]
    public double RetryAfterJitter { get; set; } = 0.5;
}
