using System.Runtime.InteropServices;

namespace OpenClaw.Edge.Usage;

/// <summary>Summary of the most frequent keys that can be merged with others in any order without losing its bound (Agarwal, Cormode,
/// Huang, Phillips, Wei, Yi: "Mergeable Summaries", PODS 2012). A key with count c occurred at least c and at most c + <see cref="Error"/>
/// times, any other at most <see cref="Error"/> times. Over N occurrences in all merged summaries of m counters <see cref="Error"/> is at
/// most N/m, and 0 while there are no more keys than counters. Not safe for concurrent use.</summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <param name="capacity">Number of counters, at least 1.</param>
internal sealed class FrequencySummary<TKey>(int capacity)
    where TKey : struct, IEquatable<TKey>
{
    private readonly Dictionary<TKey, long> _counts = [];

    /// <summary>How often any key may have occurred beyond its count.</summary>
    public long Error { get; private set; }

    /// <summary>Lower bound of the occurrences of each key.</summary>
    public IReadOnlyDictionary<TKey, long> Counts => _counts;

    /// <summary>Adds the counts of another summary.</summary>
    public void Merge(FrequencySummary<TKey> other)
    {
        foreach ((TKey key, long count) in other._counts)
        {
            Add(key, count);
        }

        Error += other.Error;
        Reduce();
    }

    /// <summary>Adds the counts of a stream, each less the smallest, which makes them a summary of this kind.</summary>
    public void Merge(SpaceSavingCounter<TKey> stream)
    {
        long error = stream.Error;
        foreach ((TKey key, long count) in stream.Counts)
        {
            if (count > error)
            {
                Add(key, count - error);
            }
        }

        Error += error;
        Reduce();
    }

    private void Add(in TKey key, long count) => CollectionsMarshal.GetValueRefOrAddDefault(_counts, key, out _) += count;

    // Subtracts the largest count that has no counter from every count, and removes those that reach 0: at most the capacity remain.
    private void Reduce()
    {
        if (_counts.Count <= capacity)
        {
            return;
        }

        long[] counts = [.. _counts.Values];
        Array.Sort(counts);
        long excess = counts[^(capacity + 1)];
        Error += excess;
        foreach (TKey key in _counts.Keys)
        {
            ref long count = ref CollectionsMarshal.GetValueRefOrNullRef(_counts, key);
            count -= excess;
            if (count <= 0)
            {
                _counts.Remove(key);
            }
        }
    }
}
