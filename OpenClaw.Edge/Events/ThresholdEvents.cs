using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Events;

/// <summary>Notices that a bucket has been used up to a threshold. Called for every decision: does nothing more than compare numbers while
/// buckets are full enough, and looks up what this replica has already reported where they are not.</summary>
internal sealed class ThresholdEvents(
    EventQueue queue, ReportedEvents reported, AddressBudget addresses, EdgeRulesStore rules, TimeProvider time,
    IOptions<EdgeOptions> options)
{
    private readonly int[] _default = [.. (options.Value.Events.Thresholds ?? EventOptions.DefaultThresholds).Distinct().OrderDescending()];
    private readonly TimeSpan _window = options.Value.Events.Window;
    private readonly string _replica = options.Value.Limiter.ReplicaName;
    private readonly ConditionalWeakTable<PolicyVariant, BucketThresholds[]> _thresholds = [];

    /// <summary>Looks at the buckets of a decision.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="variant">The variant of the route's policy, and the partition that it charged.</param>
    /// <param name="address">The same of the address policy; the variant is null when there is none.</param>
    public void Observe(
        in RateLimitDecision decision, (PolicyVariant Variant, string Partition) variant,
        (PolicyVariant? Variant, string Partition) address)
    {
        // What one replica decides alone says nothing about the bucket.
        if (decision.Source is not (DecisionSource.Store or DecisionSource.DenyCache))
        {
            return;
        }

        RateLimitPolicy? policy = null;
        int index = 0;
        foreach (BucketStatus status in decision.Buckets)
        {
            index = ReferenceEquals(status.Policy, policy) ? index + 1 : 0;
            policy = status.Policy;
            bool isOwn = ReferenceEquals(policy, variant.Variant.Limits);
            if (!isOwn && !ReferenceEquals(policy, address.Variant?.Limits))
            {
                continue;
            }

            BucketThresholds thresholds = Of(isOwn ? variant.Variant : address.Variant!)[index];
            if (thresholds.IsBelow(status.Remaining, status.IsInsufficient))
            {
                Report(status, thresholds.Passed(status.Remaining, status.IsInsufficient), isOwn ? variant.Partition : address.Partition);
            }
        }
    }

    private BucketThresholds[] Of(PolicyVariant variant) => _thresholds.TryGetValue(variant, out BucketThresholds[]? known)
        ? known
        : _thresholds.GetValue(variant, Compile);

    private BucketThresholds[] Compile(PolicyVariant variant) =>
        [.. variant.Limits.Buckets.Zip(variant.Thresholds, (bucket, own) => new BucketThresholds(bucket, own ?? _default))];

    private void Report(in BucketStatus status, int threshold, string partition)
    {
        string policy = status.Policy.Name, bucket = status.Bucket.Name;
        if (reported.Contains(policy, bucket, partition, threshold)
            || EventSubject.OfPartition(partition, rules.Current.Clients) is not { } subject
            || (subject.IsAddress && !addresses.TryTake()))
        {
            return;
        }

        TokenBucket limits = status.Bucket;
        PendingEvent pending = new(
            $"threshold/{policy}/{bucket}/{subject.Id}/{threshold}",
            _window,
            new EdgeEvent
            {
                Type = EventTypes.Threshold,
                Time = time.GetUtcNow(),
                Client = subject.Client,
                Address = subject.Address,
                Route = subject.Route,
                Policy = policy,
                Bucket = bucket,
                Tier = subject.Tier,
                Threshold = threshold,
                Capacity = limits.Capacity,
                Remaining = status.Remaining,
                RefillPerSecond = limits.RefillTokens / limits.RefillPeriod.TotalSeconds,
                WindowSeconds = _window.TotalSeconds,
                Replica = _replica,
                Contacts = subject.Contacts,
            })
        {
            Recurs = true,
            OnKnown = left => reported.Set(policy, bucket, partition, threshold, left),
        };

        // Requests that come before Redis has answered do not ask again.
        reported.Set(policy, bucket, partition, threshold, _window);
        if (!queue.TryAdd(pending))
        {
            reported.Set(policy, bucket, partition, threshold, TimeSpan.Zero);
        }
    }
}
