using System.Diagnostics;

namespace OpenClaw.RateLimiting.Telemetry;

/// <summary>A span for each decision that asks a store, where somebody samples it. What listeners throw is dropped: the decision goes on
/// without its span.</summary>
internal static class LimiterActivity
{
    private static readonly ActivitySource? Source = NewSource();

    public static bool HasListeners() => Source is not null && Source.HasListeners();

    public static Activity? Start()
    {
        try
        {
            return Source?.StartActivity("decide");
        }
        catch (Exception)
        {
            return null;
        }
    }

    public static void Stop(Activity? activity)
    {
        try
        {
            activity?.Dispose();
        }
        catch (Exception)
        {
            // It has ended all the same.
        }
    }

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

    // Listeners are asked when the source is made.
    private static ActivitySource? NewSource()
    {
        try
        {
            return new ActivitySource(RateLimitMetrics.MeterName);
        }
        catch (Exception)
        {
            return null;
        }
    }
}
