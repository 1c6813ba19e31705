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

    /// <summary>Whether both decide alike, so that a reload may keep this one and with it all that is cached for it.</summary>
    public bool DecidesAs(RateLimitPolicy other) =>
        Limits.Name == other.Name && Limits.FailureMode == other.FailureMode && Limits.Buckets.AsSpan().SequenceEqual(other.Buckets.AsSpan());
}
