using OpenClaw.Edge.Events;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Usage;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Limiting;

/// <summary>Hands every decision to what operators see of it. Does not wait, and does not allocate in the ordinary case.</summary>
internal sealed class DecisionRecorder(UsageRecorder usage, ThresholdEvents thresholds, EventQueue events, TimeProvider time)
{
    /// <summary>Timestamp at which a decision is asked for.</summary>
    public long Start() => time.GetTimestamp();

    /// <summary>Records a decision.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="charges">What was charged.</param>
    /// <param name="policy">The route's policy.</param>
    /// <param name="startedAt">From <see cref="Start"/>.</param>
    public void Record(in RateLimitDecision decision, in RequestCharges charges, EdgePolicy policy, long startedAt)
    {
        if (usage.IsEnabled)
        {
            UsageSubject sender = UsageSubject.Of(charges.Client, charges.Sender);
            usage.Add(UsageRecord.Of(decision, policy.Name, charges.HasShadows, sender, time.GetElapsedTime(startedAt)));
        }

        if (events.IsEnabled)
        {
            thresholds.Observe(
                decision, (charges.Variant, charges.Own.Partition), (charges.AddressVariant, charges.Address.Partition));
        }
    }
}
