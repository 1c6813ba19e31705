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
    public static UsageRecord Of(in RateLimitDecision decision, string routePolicy, UsageSubject subject, TimeSpan duration)
    {
        string policy = decision.RefusedBy is { } refusing ? decision.Buckets[refusing].Policy.Name : routePolicy;
        return new UsageRecord(
            policy, ShadowPolicyOf(decision), subject, decision.IsAllowed, decision.Source, (long)duration.TotalMicroseconds);
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
