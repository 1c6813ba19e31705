using System.Collections;
using System.Runtime.CompilerServices;

namespace OpenClaw.RateLimiting;

/// <summary>The buckets of one decision, in order. Immutable. A cached denial shares one list and brings it up to date when it is read.</summary>
[CollectionBuilder(typeof(BucketStatusList), nameof(Create))]
public readonly struct BucketStatusList : IReadOnlyList<BucketStatus>
{
    private readonly BucketStatus[]? _items;
    private readonly long _age;
    private readonly long _cost;

    private BucketStatusList(BucketStatus[] items, long age, long cost)
    {
        _items = items;
        _age = age;
        _cost = cost;
    }

    /// <summary>How many buckets there are.</summary>
    public int Length => _items?.Length ?? 0;

    /// <inheritdoc/>
    int IReadOnlyCollection<BucketStatus>.Count => Length;

    /// <summary>The bucket at <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such bucket.</exception>
    public BucketStatus this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Length, nameof(index));
            return _cost < 0 ? _items![index] : _items![index].At(_age, _cost);
        }
    }

    /// <summary>A list of the given statuses.</summary>
    public static BucketStatusList Create(ReadOnlySpan<BucketStatus> items) => Of(items.ToArray());

    /// <summary>Enumerates without allocating.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <inheritdoc/>
    IEnumerator<BucketStatus> IEnumerable<BucketStatus>.GetEnumerator()
    {
        for (var i = 0; i < Length; i++)
        {
            yield return this[i];
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<BucketStatus>)this).GetEnumerator();

    /// <summary>A list that takes over <paramref name="items"/>.</summary>
    internal static BucketStatusList Of(BucketStatus[] items) => new(items, 0, -1);

    /// <summary>The same buckets as they stand <paramref name="age"/> microseconds later for a request that costs <paramref name="cost"/>.</summary>
    internal static BucketStatusList Later(BucketStatus[] items, long age, long cost) => new(items, age, cost);

    /// <summary>Walks a list in order.</summary>
    public struct Enumerator
    {
        private readonly BucketStatusList _list;
        private int _index;

        internal Enumerator(BucketStatusList list)
        {
            _list = list;
            _index = -1;
        }

        /// <summary>The bucket the enumerator stands at.</summary>
        public readonly BucketStatus Current => _list[_index];

        /// <summary>Steps to the next bucket; false after the last.</summary>
        public bool MoveNext() => ++_index < _list.Length;
    }
}
