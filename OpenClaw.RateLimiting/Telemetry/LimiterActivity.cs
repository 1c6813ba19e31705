using System.Diagnostics;

namespace OpenClaw.RateLimiting.Telemetry;

/// <summary>A span for each decision that asks a store, where somebody samples it.</summary>
internal static class LimiterActivity
{
    private static readonly ActivitySource Source = new(RateLimitMetrics.MeterName);

    public static bool HasListeners() => Source.HasListeners();

    public static Activity? Start() => Source.StartActivity("decide");

    /// <summary>What was decided; never for whom.</summary>
    public static void Describe(Activity? activity, ReadOnlySpan<Charge> charges, in RateLimitDecision decision)
    {
        if (activity is not { IsAllDataRequested: true })
        {
            return;
        }

        activity.SetTag("openclaw.ratelimit.policy", charges[0].Policy.Name);
        activity.SetTag("openclaw.ratelimit.allowed", decision.IsAllowed);
        activity.SetTag("openclaw.ratelimit.source", decision.Source.ToString());
        if (decision.RefusedBy >= 0)
        {
            activity.SetTag("openclaw.ratelimit.refused_by", decision.Buckets[decision.RefusedBy].Bucket.Name);
        }
    }
}
