using System.Diagnostics;

namespace OpenClaw.RateLimiting.Telemetry;

/// <summary>Creates a span for each decision that asks a store, if it is sampled. Exceptions from listeners are dropped: the decision goes
/// on without its span.</summary>
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
            // The span has ended nevertheless.
        }
    }

    /// <summary>Whether a decision gets a span. Below a span that is not recorded it would not be recorded either.</summary>
    public static bool IsWanted(ReadOnlySpan<Charge> charges) =>
        HasListeners()
        && Activity.Current is not { IsAllDataRequested: false }
        && !charges[^1].Policy.IsUnobserved;

    /// <summary>Tags the span with the decision, never with the partition. The policy is that of the denying bucket, or else of the last
    /// charge, which is usually the most specific.</summary>
    public static void Describe(Activity? activity, ReadOnlySpan<Charge> charges, in RateLimitDecision decision)
    {
        if (activity is not { IsAllDataRequested: true })
        {
            return;
        }

        BucketStatus? denying = decision.RefusedBy is { } index ? decision.Buckets[index] : null;
        activity.SetTag("openclaw.ratelimit.policy", denying?.Policy.Name ?? charges[^1].Policy.Name);
        activity.SetTag("openclaw.ratelimit.allowed", decision.IsAllowed);
        activity.SetTag("openclaw.ratelimit.source", RateLimitMetrics.NameOf(decision.Source));
        if (denying is { } status)
        {
            activity.SetTag("openclaw.ratelimit.refused_by", status.Bucket.Name);
        }
    }

    // The constructor calls listeners, which may throw.
    private static ActivitySource? NewSource()
    {
        try
        {
            return new ActivitySource(RateLimiterTelemetry.ActivitySourceName);
        }
        catch (Exception)
        {
            return null;
        }
    }
}
