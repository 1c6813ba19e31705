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

    /// <summary>Whether a decision gets a span. Under a span that is not recorded it would not be recorded either.</summary>
    public static bool IsWanted(ReadOnlySpan<Charge> charges) =>
        HasListeners()
        && Activity.Current is not { IsAllDataRequested: false }
        && !charges[^1].Policy.IsUnobserved;

    /// <summary>Describes what was decided; never for whom. The policy is the one that refused, else that of the last charge, by custom the
    /// most specific.</summary>
    public static void Describe(Activity? activity, ReadOnlySpan<Charge> charges, in RateLimitDecision decision)
    {
        if (activity is not { IsAllDataRequested: true })
        {
            return;
        }

        BucketStatus? refusing = decision.RefusedBy is { } index ? decision.Buckets[index] : null;
        activity.SetTag("openclaw.ratelimit.policy", refusing?.Policy.Name ?? charges[^1].Policy.Name);
        activity.SetTag("openclaw.ratelimit.allowed", decision.IsAllowed);
        activity.SetTag("openclaw.ratelimit.source", RateLimitMetrics.NameOf(decision.Source));
        if (refusing is { } status)
        {
            activity.SetTag("openclaw.ratelimit.refused_by", status.Bucket.Name);
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
