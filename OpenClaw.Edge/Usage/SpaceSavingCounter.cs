namespace OpenClaw.Edge.Usage;

/// <summary>Counts the most frequent keys of a stream in bounded memory by the Space-Saving algorithm (Metwally, Agrawal, El Abbadi:
/// "Efficient Computation of Frequent and Top-k Elements in Data Streams", ICDT 2005). With m counters and N additions a count is never
/// too low and at most <see cref="Error"/> ≤ N/m too high; a key without a counter was added at most <see cref="Error"/> times. Counts
/// are exact while there are no more keys than counters. Not safe for concurrent use.</summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <param name="capacity">Number of counters, at least 1. Memory grows up to it on demand.</param>
internal sealed class SpaceSavingCounter<TKey>(int capacity)
    where TKey : struct, IEquatable<TKey>
{
    private readonly Dictionary<TKey, int> _slots = [];
    private Counter[] _counters = [];

    // A heap of slots with the smallest count on top.
    private int[] _heap = [];

    /// <summary>Number of keys that have a counter.</summary>
    public int Count => _slots.Count;

    /// <summary>How much a count may be too high: the smallest count once all counters are taken, 0 before.</summary>
    public long Error => _slots.Count < capacity ? 0 : _counters[_heap[0]].Count;

    /// <summary>The keys with their counts, in no order.</summary>
    public IEnumerable<KeyValuePair<TKey, long>> Counts =>
        _slots.Select(entry => KeyValuePair.Create(entry.Key, _counters[entry.Value].Count));

    /// <summary>Adds one occurrence. Allocates only while the number of counters grows.</summary>
    public void Add(in TKey key)
    {
        if (_slots.TryGetValue(key, out int slot))
        {
            ref Counter known = ref _counters[slot];
            known.Count++;
            SiftDown(known.Position);
            return;
        }

        int used = _slots.Count;
        if (used < capacity)
        {
            Grow(used + 1);
            _counters[used] = new Counter { Key = key, Count = 1, Position = used };
            _heap[used] = used;
            _slots.Add(key, used);
            SiftUp(used);
            return;
        }

        // The new key takes over the smallest counter with its count.
        slot = _heap[0];
        ref Counter smallest = ref _counters[slot];
        _slots.Remove(smallest.Key);
        _slots.Add(key, slot);
        smallest.Key = key;
        smallest.Count++;
        SiftDown(0);
    }

    /// <summary>Removes all keys and keeps the memory.</summary>
    public void Clear() => _slots.Clear();

    private void Grow(int length)
    {
        if (_counters.Length < length)
        {
            int size = Math.Min(capacity, Math.Max(64, _counters.Length * 2));
            Array.Resize(ref _counters, size);
            Array.Resize(ref _heap, size);
        }
    }

    private void SiftUp(int position)
    {
        while (position > 0)
        {
            int parent = (position - 1) / 2;
            if (_counters[_heap[parent]].Count <= _counters[_heap[position]].Count)
            {
                return;
            }

            Swap(position, parent);
            position = parent;
        }
    }

    private void SiftDown(int position)
    {
        int used = _slots.Count;
        while ((2 * position) + 1 is var child && child < used)
        {
            if (child + 1 < used && _counters[_heap[child + 1]].Count < _counters[_heap[child]].Count)
            {
                child++;
            }

            if (_counters[_heap[position]].Count <= _counters[_heap[child]].Count)
            {
                return;
            }

            Swap(position, child);
            position = child;
        }
    }

    private void Swap(int a, int b)
    {
        (_heap[a], _heap[b]) = (_heap[b], _heap[a]);
        _counters[_heap[a]].Position = a;
        _counters[_heap[b]].Position = b;
    }

    private struct Counter
    {
        public TKey Key;
        public long Count;
        public int Position;
    }
}
