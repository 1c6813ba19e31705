using OpenClaw.RateLimiting.Telemetry;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>Decisions that are sent to a store together: partitions, and entries decided strictly in order of arrival. A store fills in the
/// state of every partition from before the batch and calls <see cref="Settle"/>, which makes the decisions.</summary>
internal sealed class DecisionBatch(int maxPartitions, int maxDecisions)
{
    // Arrays grow on demand: a cluster has one queue, and so one batch, for each slot in use.
    private readonly Dictionary<PartitionKey, int> _index = [];
    private BatchPartition[] _partitions = [];
    private int[] _lastEntry = [];
    private BatchEntry[] _entries = [];
    private int _partitionCount;
    private int _entryCount;

    public ReadOnlySpan<BatchPartition> Partitions => _partitions.AsSpan(0, _partitionCount);

    public ReadOnlySpan<BatchEntry> Entries => _entries.AsSpan(0, _entryCount);

    /// <summary>Number of decisions in the batch.</summary>
    public int Decisions { get; private set; }

    /// <summary>Arrival of the oldest decision, as a timestamp of the limiter's clock.</summary>
    public long EnqueuedAt { get; private set; }

    /// <summary>Whether every decision is made. Later failures change none of them.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>Cluster slot of all partitions; -1 if Redis is not a cluster.</summary>
    public int Slot { get; init; } = -1;

    /// <summary>Adds a decision; false if the batch has no room for it.</summary>
    public bool TryAdd(PendingDecision pending)
    {
        if (Decisions == maxDecisions || !TryFindPartitions(pending))
        {
            return false;
        }

        Span<int> partitions = pending.Partitions;
        pending.Next = null;
        if (Decisions++ == 0)
        {
            EnqueuedAt = pending.EnqueuedAt;
        }

        if (!TryExtendRun(pending, partitions))
        {
            Grow(ref _entries, _entryCount);
            _entries[_entryCount] = new BatchEntry { First = pending, Last = pending, Count = 1 };
            foreach (int partition in partitions)
            {
                _lastEntry[partition] = _entryCount;
            }

            _entryCount++;
        }

        return true;
    }

    /// <summary>Makes every decision from the partitions' states, in order, and updates the states.</summary>
    public void Settle()
    {
        foreach (ref BatchEntry entry in _entries.AsSpan(0, _entryCount))
        {
            for (PendingDecision? pending = entry.First; pending is not null; pending = pending.Next)
            {
                pending.Decision = pending.Operation == Operation.Charge
                    ? DecisionReplay.Charge(pending, _partitions)
                    : DecisionReplay.Apply(pending, _partitions);
            }
        }

        IsSettled = true;
    }

    /// <summary>Discards what a store filled in, so that another store can make the same decisions.</summary>
    public void Restart()
    {
        IsSettled = false;
        foreach (BatchPartition partition in Partitions)
        {
            partition.Restart();
        }
    }

    /// <summary>Decides by failure modes alone, when no store can: Open allows, Closed denies, and Local denies as if its buckets were
    /// empty.</summary>
    public void DecideWithoutState()
    {
        Restart();
        foreach (BatchPartition partition in Partitions)
        {
            partition.Source = partition.Policy.FailureMode switch
            {
                FailureMode.Open => DecisionSource.Open,
                FailureMode.Closed => DecisionSource.Closed,
                _ => DecisionSource.Local,
            };
            for (var i = 0; i < partition.Numbers.Length; i++)
            {
                partition.Deficits[i] = partition.Numbers[i].Capacity;
            }
        }

        Settle();
    }

    /// <summary>Records the batch and its decisions.</summary>
    public void Report(RateLimitMetrics metrics, TimeProvider timeProvider)
    {
        metrics.Batch(Decisions);
        long now = timeProvider.GetTimestamp();
        foreach (ref BatchEntry entry in _entries.AsSpan(0, _entryCount))
        {
            for (PendingDecision? pending = entry.First; pending is not null && entry.Operation == Operation.Charge; pending = pending.Next)
            {
                if (!pending.IsPart)
                {
                    metrics.Decision(pending.Decision, pending.Charges[^1].Policy, timeProvider.GetElapsedTime(pending.EnqueuedAt, now));
                }
            }
        }
    }

    /// <summary>Completes every decision, and empties the batch for its next use.</summary>
    public void Complete()
    {
        foreach (ref BatchEntry entry in _entries.AsSpan(0, _entryCount))
        {
            PendingDecision? pending = entry.First;
            entry = default;
            while (pending is not null)
            {
                // A completed object may be reused at once: read the link first.
                PendingDecision? next = pending.Next;
                pending.Complete();
                pending = next;
            }
        }

        _index.Clear();
        _partitionCount = _entryCount = Decisions = 0;
        IsSettled = false;
    }

    // Looks up all partitions before adding any, so that a decision without room leaves nothing behind.
    private bool TryFindPartitions(PendingDecision pending)
    {
        ReadOnlySpan<Charge> charges = pending.Charges;
        Span<int> partitions = pending.Partitions;
        int count = _partitionCount;
        for (var i = 0; i < charges.Length; i++)
        {
            if (!_index.TryGetValue(new PartitionKey(charges[i]), out partitions[i]))
            {
                partitions[i] = -1;
                count++;
            }
            else if (!_partitions[partitions[i]].Policy.HasSameLimits(charges[i].Policy))
            {
                // State in Redis belongs to the policy's name: one call can adapt it to one version of the limits only.
                return false;
            }
        }

        if (count > maxPartitions)
        {
            return false;
        }

        for (var i = 0; count > _partitionCount; i++)
        {
            if (partitions[i] < 0)
            {
                partitions[i] = Add(charges[i]);
            }
        }

        return true;
    }

    private int Add(in Charge charge)
    {
        int index = _partitionCount++;
        Grow(ref _partitions, index);
        Grow(ref _lastEntry, index);
        (_partitions[index] ??= new BatchPartition()).Start(charge.Policy, charge.Partition);
        _lastEntry[index] = -1;
        _index.Add(new PartitionKey(charge), index);
        return index;
    }

    // Joining an earlier run moves the decision before the entries in between. None of them touches its partitions, so the results stay the
    // same.
    private bool TryExtendRun(PendingDecision pending, ReadOnlySpan<int> partitions)
    {
        int last = _lastEntry[partitions[0]];
        if (last < 0)
        {
            return false;
        }

        foreach (int partition in partitions)
        {
            if (_lastEntry[partition] != last)
            {
                return false;
            }
        }

        ref BatchEntry entry = ref _entries[last];
        if (entry.Count == ushort.MaxValue
            || entry.Operation != pending.Operation
            || entry.First.Buckets != pending.Buckets
            || !entry.First.Partitions.SequenceEqual(partitions))
        {
            return false;
        }

        ReadOnlySpan<Charge> ours = pending.Charges, theirs = entry.First.Charges;
        for (var i = 0; i < ours.Length; i++)
        {
            if (ours[i].Cost != theirs[i].Cost)
            {
                return false;
            }
        }

        entry.Last.Next = pending;
        entry.Last = pending;
        entry.Count++;
        return true;
    }

    private static void Grow<T>(ref T[] array, int index)
    {
        if (index == array.Length)
        {
            Array.Resize(ref array, Math.Max(2, 2 * array.Length));
        }
    }
}
