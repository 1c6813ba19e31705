using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Events;

/// <summary>Detects that a bucket has been used up to a threshold. Called for every decision: only compares numbers while buckets are full
/// enough, and otherwise looks up what this replica has already reported.</summary>
internal sealed class ThresholdEvents(
    EventQueue queue, ReportedEvents reported, AddressBudget addresses, EdgeRulesStore rules, TimeProvider time,
    IOptions<EdgeOptions> options)
{
    private readonly int[] _default = [.. (options.Value.Events.Thresholds ?? EventOptions.DefaultThresholds).Distinct().OrderDescending()];
    private readonly TimeSpan _window = options.Value.Events.Window;
    private readonly string _replica = options.Value.Limiter.ReplicaName;
    private readonly ConditionalWeakTable<PolicyVariant, BucketThresholds[]> _thresholds = [];

    public bool IsEnabled => queue.IsEnabled;

    /// <summary>Checks a bucket that was charged, or that denied the request.</summary>
    /// <param name="status">Status of the shared bucket.</param>
    /// <param name="index">Its index in the policy.</param>
    /// <param name="variant">The variant of the policy.</param>
    /// <param name="partition">Owner of the bucket.</param>
    public void Observe(in BucketStatus status, int index, PolicyVariant variant, string partition)
    {
        BucketThresholds thresholds = Of(variant)[index];
        if (thresholds.IsBelow(status.Remaining, status.IsInsufficient) && !PartitionNames.IsPseudonym(partition))
        {
            Report(status, thresholds.Passed(status.Remaining, status.IsInsufficient), partition);
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
            || (PartitionNames.IsAddress(partition) && addresses.IsUsedUp)
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

        // Requests that arrive before Redis has answered do not report the event again.
        reported.Set(policy, bucket, partition, threshold, _window);
        if (!queue.TryAdd(pending))
        {
            reported.Set(policy, bucket, partition, threshold, TimeSpan.Zero);
        }
    }
}
