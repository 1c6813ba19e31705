namespace OpenClaw.Edge.Usage;

/// <summary>A sliding window made of slices of time: the current, unfinished one and those before it.</summary>
/// <param name="length">Length of a slice.</param>
/// <param name="count">Number of slices, at least 2.</param>
/// <param name="trackedClients">Number of counters for clients in each.</param>
internal sealed class SliceRing(TimeSpan length, int count, int trackedClients)
{
    private readonly Queue<(long Index, UsageSlice Slice)> _finished = new();
    private (long Index, UsageSlice Slice)? _current;

    // Cached sum of the finished slices; null when it is out of date.
    private UsageSlice? _sum;

    /// <summary>Number of a slice in time, the same on every replica.</summary>
    public static long IndexOf(DateTimeOffset time, TimeSpan length) => time.ToUnixTimeMilliseconds() / (long)length.TotalMilliseconds;

    /// <summary>Adds usage at a time. A time before the last one, after a clock was set back, belongs to the last slice.</summary>
    public void Add(DateTimeOffset now, UsageSlice usage)
    {
        Move(IndexOf(now, length));
        _current!.Value.Slice.Add(usage);
    }

    /// <summary>Sum of the window.</summary>
    public UsageSlice Sum(DateTimeOffset now)
    {
        Move(IndexOf(now, length));
        if (_sum is null)
        {
            _sum = new UsageSlice(trackedClients);
            foreach ((_, UsageSlice slice) in _finished)
            {
                _sum.Add(slice);
            }
        }

        UsageSlice sum = new(trackedClients);
        sum.Add(_sum);
        sum.Add(_current!.Value.Slice);
        return sum;
    }

    private void Move(long index)
    {
        if (_current is not { } current)
        {
            _current = (index, new UsageSlice(trackedClients));
            return;
        }

        if (index <= current.Index)
        {
            return;
        }

        _finished.Enqueue(current);
        _current = (index, new UsageSlice(trackedClients));
        while (_finished.TryPeek(out (long Index, UsageSlice Slice) oldest) && oldest.Index <= index - count)
        {
            _finished.Dequeue();
        }

        _sum = null;
    }
}
