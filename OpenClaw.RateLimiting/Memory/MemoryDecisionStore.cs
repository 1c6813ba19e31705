using OpenClaw.RateLimiting.Batching;

namespace OpenClaw.RateLimiting.Memory;

/// <summary>Decides in this process, by the same rules as the script in Redis.</summary>
/// <param name="clock">Clock in microseconds since any fixed point.</param>
internal sealed class MemoryDecisionStore(Func<long> clock) : IDecisionStore
{
    private const int SmallestSweep = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<PartitionKey, MemoryPartition> _partitions = [];
    private int _sweepAt = SmallestSweep;

    /// <summary>A store on the monotonic clock of <paramref name="timeProvider"/>.</summary>
    public MemoryDecisionStore(TimeProvider timeProvider)
        : this(ClockFrom(timeProvider, timeProvider.GetTimestamp()))
    {
    }

    /// <summary>Number of partitions in memory.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _partitions.Count;
            }
        }
    }

    public ValueTask DecideAsync(DecisionBatch batch, CancellationToken abandon)
    {
        lock (_lock)
        {
            long now = clock();
            foreach (BatchPartition partition in batch.Partitions)
            {
                if (_partitions.TryGetValue(partition.Key, out MemoryPartition? state))
                {
                    state.Load(partition, now);
                }
            }

            batch.Settle();
            foreach (BatchPartition partition in batch.Partitions)
            {
                if (partition.IsChanged)
                {
                    Save(partition, now);
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    // Counts from the start of the store, because TimeProvider calculates in doubles.
    private static Func<long> ClockFrom(TimeProvider timeProvider, long start)
        => () => timeProvider.GetElapsedTime(start).Ticks / TimeSpan.TicksPerMicrosecond;

    private void Save(BatchPartition partition, long now)
    {
        PartitionKey key = partition.Key;
        if (!_partitions.TryGetValue(key, out MemoryPartition? state))
        {
            Sweep(now);
            _partitions[key] = state = new MemoryPartition();
        }

        state.Save(partition, now);
    }

    // Runs when the table has doubled, so that the work per partition is constant.
    private void Sweep(long now)
    {
        if (_partitions.Count < _sweepAt)
        {
            return;
        }

        foreach ((PartitionKey key, MemoryPartition state) in _partitions)
        {
            if (state.ForgetAt <= now)
            {
                _partitions.Remove(key);
            }
        }

        _sweepAt = Math.Max(SmallestSweep, 2 * _partitions.Count);
    }
}
