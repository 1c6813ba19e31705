using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Usage;

/// <summary>One decision, as usage counts it.</summary>
/// <param name="Policy">Name of the policy that denied the request, else of the route's policy.</param>
/// <param name="ShadowPolicy">Name of the policy whose shadow bucket would have denied it; null when there is none.</param>
/// <param name="Subject">The sender.</param>
/// <param name="IsAdmitted">Whether the request was allowed.</param>
/// <param name="Source">Where the decision was made.</param>
/// <param name="Microseconds">How long it took.</param>
internal readonly record struct UsageRecord(
    string Policy, string? ShadowPolicy, UsageSubject Subject, bool IsAdmitted, DecisionSource Source, long Microseconds)
{
    /// <param name="decision">The decision.</param>
    /// <param name="routePolicy">Name of the route's policy.</param>
    /// <param name="hasShadows">Whether any bucket only reports and never denies.</param>
    /// <param name="subject">The sender.</param>
    /// <param name="duration">How long it took.</param>
    public static UsageRecord Of(
        in RateLimitDecision decision, string routePolicy, bool hasShadows, UsageSubject subject, TimeSpan duration)
    {
        string policy = decision.RefusedBy is { } refusing ? decision.Buckets[refusing].Policy.Name : routePolicy;
        return new UsageRecord(
            policy, hasShadows ? ShadowPolicyOf(decision) : null, subject, decision.IsAllowed, decision.Source,
            (long)duration.TotalMicroseconds);
    }

    private static string? ShadowPolicyOf(in RateLimitDecision decision)
    {
        foreach (BucketStatus status in decision.Buckets)
        {
            if (status.IsInsufficient && status.Bucket.Shadow)
            {
                return status.Policy.Name;
            }
        }

        return null;
    }
}
