using OpenClaw.Edge.Events;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Usage;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Limiting;

/// <summary>Records every decision in metrics, usage and events. Does not wait, and usually does not allocate.</summary>
internal sealed class DecisionRecorder(UsageRecorder usage, ThresholdEvents thresholds, TimeProvider time)
{
    /// <summary>Timestamp at which a decision is asked for.</summary>
    public long Start() => time.GetTimestamp();

    /// <summary>Records a decision.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="charges">What was charged.</param>
    /// <param name="policy">The route's policy.</param>
    /// <param name="isRejected">Whether the request is refused for its key. Usage counts it only if a bucket denies it.</param>
    /// <param name="startedAt">From <see cref="Start"/>.</param>
    public void Record(in RateLimitDecision decision, in RequestCharges charges, EdgePolicy policy, bool isRejected, long startedAt)
    {
        // A local decision does not show the state of the shared bucket.
        bool isShared = decision.Source is DecisionSource.Store or DecisionSource.DenyCache;
        bool observes = isShared && thresholds.IsEnabled;
        string decidedBy = policy.Name;
        string? shadow = null;
        RateLimitPolicy? limits = null;
        int index = 0;

        // Reads each status only once, because a cached denial computes it on every read.
        for (int i = 0; i < decision.Buckets.Length; i++)
        {
            BucketStatus status = decision.Buckets[i];
            index = ReferenceEquals(status.Policy, limits) ? index + 1 : 0;
            limits = status.Policy;
            if (status.IsInsufficient)
            {
                decidedBy = i == decision.RefusedBy ? limits.Name : decidedBy;
                shadow ??= status.Bucket.Shadow ? limits.Name : null;
            }

            if (observes)
            {
                Observe(status, index, charges);
            }
        }

        if (usage.IsEnabled && !(isRejected && decision.IsAllowed))
        {
            // A cached denial takes about a microsecond: reading the clock again would add nothing.
            long microseconds = decision.Source == DecisionSource.DenyCache ? 1 : (long)time.GetElapsedTime(startedAt).TotalMicroseconds;
            usage.Add(new UsageRecord(
                decidedBy, shadow, UsageSubject.Of(charges.Client, charges.Sender), decision.IsAllowed, decision.Source, microseconds));
        }
    }

    private void Observe(in BucketStatus status, int index, in RequestCharges charges)
    {
        if (ReferenceEquals(status.Policy, charges.Variant.Limits))
        {
            thresholds.Observe(status, index, charges.Variant, charges.Own.Partition);
        }
        else if (charges.AddressVariant is { } address && ReferenceEquals(status.Policy, address.Limits))
        {
            thresholds.Observe(status, index, address, charges.Address.Partition);
        }
    }
}
