namespace OpenClaw.RateLimiting.Batching;

/// <summary>Queues of a limiter: a fixed number for a single server, and one for each slot in use for a cluster, since a script call cannot
/// span two slots.</summary>
internal sealed class BatchQueues(Func<int, BatchQueue> newQueue, int count, IPartitionSlots? slots)
{
    private readonly BatchQueue[] _queues = [.. Enumerable.Range(0, count).Select(_ => newQueue(-1))];
    private BatchQueue?[]? _slotQueues;

    /// <summary>Queue of a decision. Decisions with the same first partition use the same queue and are made in order of arrival. Further
    /// charges may reach a partition through several queues, whose calls Redis executes one after another.</summary>
    public BatchQueue Of(ReadOnlySpan<Charge> charges)
        => slots is { Exist: true }
            ? OfSlot(slots.Of(charges[0]))
            : _queues[(uint)charges[0].Partition.GetHashCode() % (uint)_queues.Length];

    /// <summary>Whether the charges are in several slots of a cluster.</summary>
    public bool SpanSlots(ReadOnlySpan<Charge> charges)
    {
        if (slots is not { Exist: true })
        {
            return false;
        }

        int first = slots.Of(charges[0]);
        foreach (ref readonly Charge charge in charges[1..])
        {
            if (slots.Of(charge) != first)
            {
                return true;
            }
        }

        return false;
    }

    private BatchQueue OfSlot(int slot)
    {
        BatchQueue?[] queues = Volatile.Read(ref _slotQueues)
            ?? Interlocked.CompareExchange(ref _slotQueues, new BatchQueue?[slots!.Count], null)
            ?? _slotQueues;
        return Volatile.Read(ref queues[slot])
            ?? Interlocked.CompareExchange(ref queues[slot], newQueue(slot), null)
            ?? queues[slot]!;
    }
}
