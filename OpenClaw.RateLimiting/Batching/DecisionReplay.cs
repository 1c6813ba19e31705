namespace OpenClaw.RateLimiting.Batching;

/// <summary>Replays <c>decide.lua</c>: from the state that the script returned, it makes the decisions that the script made in Redis, by
/// the same rules and in the same order. A rule changed here must be changed there; ModelTests compares the two.</summary>
internal static class DecisionReplay
{
    /// <summary>Charges every bucket, or none if an enforcing bucket has too few tokens. A shadow bucket pays if it can.</summary>
    public static RateLimitDecision Charge(PendingDecision pending, BatchPartition[] partitions)
    {
        ReadOnlySpan<Charge> charges = pending.Charges;
        ReadOnlySpan<int> indexes = pending.Partitions;
        var allowed = true;
        var count = 0;
        for (var i = 0; i < charges.Length; i++)
        {
            BatchPartition partition = partitions[indexes[i]];
            if (!partition.CanPay(charges[i].Cost))
            {
                allowed = false;
                partition.RefusedCost = Math.Max(partition.RefusedCost, charges[i].Cost);
            }

            count += HasState(partition) ? partition.Numbers.Length : 0;
        }

        var statuses = new BucketStatus[count];
        int? refusedBy = null;
        TimeSpan retryAfter = TimeSpan.Zero, blockedFor = TimeSpan.Zero;
        var source = DecisionSource.Store;
        var next = 0;
        for (var i = 0; i < charges.Length; i++)
        {
            BatchPartition partition = partitions[indexes[i]];
            source = Later(source, partition.Source);
            if (!HasState(partition))
            {
                retryAfter = allowed ? retryAfter : Durations.Longer(retryAfter, partition.RetryAfter);
                continue;
            }

            long cost = charges[i].Cost;
            Span<long> deficits = partition.Deficits;
            partition.IsChanged |= partition.NeedsRepair && cost > 0;
            for (var b = 0; b < deficits.Length; b++)
            {
                BucketArithmetic numbers = partition.Numbers[b];
                bool isInsufficient = !numbers.CanPay(deficits[b], cost);
                if (allowed && !isInsufficient && cost > 0)
                {
                    partition.IsChanged = true;
                    deficits[b] += cost * numbers.UnitsPerToken;
                }

                statuses[next] = new BucketStatus(partition.Policy, numbers, deficits[b], cost, isInsufficient) { Local = partition.Local };
                if (isInsufficient && !numbers.Shadow)
                {
                    refusedBy ??= next;
                    retryAfter = Durations.Longer(retryAfter, statuses[next].RetryAfter);
                }

                next++;
            }

            blockedFor = Durations.Longer(blockedFor, TimeSpan.FromMicroseconds(partition.BlockedFor));
        }

        return new RateLimitDecision
        {
            IsAllowed = allowed,
            Source = source,
            Buckets = BucketStatusList.Of(statuses),
            RefusedBy = refusedBy,
            BlockedFor = blockedFor,
            RetryAfter = Durations.Longer(retryAfter, blockedFor),
        };
    }

    /// <summary>Carries out an operation that never denies.</summary>
    public static RateLimitDecision Apply(PendingDecision pending, BatchPartition[] partitions)
    {
        var source = DecisionSource.Store;
        for (var i = 0; i < pending.Count; i++)
        {
            BatchPartition partition = partitions[pending.Partitions[i]];
            partition.Apply(pending.Operation, pending.Charges[i].Cost, pending.Buckets);
            source = Later(source, partition.Source);
        }

        return new RateLimitDecision { IsAllowed = true, Source = source, Buckets = [] };
    }

    private static bool HasState(BatchPartition partition) => partition.Source < DecisionSource.Open;

    private static DecisionSource Later(DecisionSource a, DecisionSource b) => a > b ? a : b;
}
