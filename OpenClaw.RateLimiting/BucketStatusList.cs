using System.Collections;
using System.Runtime.CompilerServices;

namespace OpenClaw.RateLimiting;

/// <summary>Buckets of one decision, in order. Immutable. Cached denials share one array; its statuses are brought up to date when they are
/// read.</summary>
[CollectionBuilder(typeof(BucketStatusList), nameof(Create))]
public readonly struct BucketStatusList : IReadOnlyList<BucketStatus>
{
    private readonly BucketStatus[]? _items;
    private readonly long _age;
    // Negative when the statuses are returned as they are.
    private readonly long _cost;

    private BucketStatusList(BucketStatus[] items, long age, long cost)
    {
        _items = items;
        _age = age;
        _cost = cost;
    }

    /// <summary>Number of buckets.</summary>
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

    /// <summary>A list over <paramref name="items"/>, which must not change afterwards.</summary>
    internal static BucketStatusList Of(BucketStatus[] items) => new(items, 0, -1);

    /// <summary>The same buckets <paramref name="age"/> microseconds later, for a request of the given cost.</summary>
    internal static BucketStatusList Later(BucketStatus[] items, long age, long cost) => new(items, age, cost);

    /// <summary>Enumerates a list in order.</summary>
    public struct Enumerator
    {
        private readonly BucketStatusList _list;
        private int _index;

        internal Enumerator(BucketStatusList list)
        {
            _list = list;
            _index = -1;
        }

        /// <summary>The current bucket.</summary>
        public readonly BucketStatus Current => _list[_index];

        /// <summary>Moves to the next bucket; false after the last.</summary>
        public bool MoveNext() => ++_index < _list.Length;
    }
}
