using OpenClaw.RateLimiting.Batching;

namespace OpenClaw.RateLimiting.Limiter;

/// <summary>A decision whose charges are in several slots of a cluster, which no script call can span. The charges are decided
/// concurrently, and if one is denied the others are refunded. This never admits more than one call would, but a denied request may briefly
/// hold tokens.</summary>
internal static class SplitDecision
{
    public static async ValueTask<RateLimitDecision> DecideAsync(
        RateLimiterClient limiter, Charge[] charges, CancellationToken cancellationToken)
    {
        long enqueuedAt = limiter.Now();
        var parts = new Task<RateLimitDecision>[charges.Length];
        for (var i = 0; i < charges.Length; i++)
        {
            parts[i] = EnqueueAsync(limiter, charges.AsSpan(i, 1), cancellationToken);
        }

        await Task.WhenAll(parts).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        bool allowed = parts.All(part => part.IsCompletedSuccessfully && part.Result.IsAllowed);
        for (var i = 0; i < charges.Length && !allowed; i++)
        {
            if (parts[i].IsCompletedSuccessfully && parts[i].Result.IsAllowed && charges[i].Cost > 0)
            {
                // Nothing waits for the refund: if it fails, tokens are missing, but none are granted twice.
                _ = limiter.RefundAsync(charges[i], parts[i].Result, CancellationToken.None).AsTask();
            }
        }

        // A cancelled part cancels the decision.
        RateLimitDecision[] decisions = await Task.WhenAll(parts);
        RateLimitDecision decision = Join(decisions, charges, allowed);
        limiter.Report(decision, charges[^1].Policy, enqueuedAt);
        return decision;
    }

    // A part that cannot be sent must not prevent the refund of the others.
    private static Task<RateLimitDecision> EnqueueAsync(
        RateLimiterClient limiter, ReadOnlySpan<Charge> charge, CancellationToken cancellationToken)
    {
        try
        {
            return limiter.EnqueueAsync(Operation.Charge, charge, cancellationToken, isPart: true).AsTask();
        }
        catch (Exception exception)
        {
            return Task.FromException<RateLimitDecision>(exception);
        }
    }

    private static RateLimitDecision Join(RateLimitDecision[] parts, Charge[] charges, bool allowed)
    {
        List<BucketStatus> buckets = [];
        int? refusedBy = null;
        var source = DecisionSource.Store;
        TimeSpan retryAfter = TimeSpan.Zero, blockedFor = TimeSpan.Zero;
        for (var i = 0; i < parts.Length; i++)
        {
            ref readonly RateLimitDecision part = ref parts[i];
            refusedBy ??= buckets.Count + part.RefusedBy;
            source = part.Source > source ? part.Source : source;
            retryAfter = Durations.Longer(retryAfter, part.RetryAfter);
            blockedFor = Durations.Longer(blockedFor, part.BlockedFor);
            foreach (BucketStatus bucket in part.Buckets)
            {
                // A denied request is charged nothing: show allowed parts as they are after their refund.
                buckets.Add(part.IsAllowed && !allowed ? bucket.WithoutCharge(charges[i].Cost) : bucket);
            }
        }

        return new RateLimitDecision
        {
            IsAllowed = allowed,
            Source = source,
            Buckets = BucketStatusList.Of([.. buckets]),
            RefusedBy = refusedBy,
            BlockedFor = blockedFor,
            RetryAfter = retryAfter,
        };
    }
}
