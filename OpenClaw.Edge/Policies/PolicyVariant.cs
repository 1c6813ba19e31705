using OpenClaw.Edge.Answers;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Policies;

/// <summary>One policy with the numbers of one tier, and everything about it that an answer can have ready.</summary>
internal sealed class PolicyVariant
{
    public PolicyVariant(RateLimitPolicy limits)
    {
        Limits = limits;
        Texts = new PolicyTexts(limits);
        HasShadows = limits.Buckets.Any(bucket => bucket.Shadow);
    }

    public RateLimitPolicy Limits { get; }

    public PolicyTexts Texts { get; }

    public bool HasShadows { get; }
}
