using System.Runtime.CompilerServices;
using OpenClaw.Edge.Networks;

namespace OpenClaw.Edge.Policies;

/// <summary>Caches partition names of addresses, so that a cached address costs no allocation. The number of slots is fixed and a new
/// address overwrites the one in its slot, so a flood of addresses cannot make the cache grow. Allocated on first use.</summary>
internal sealed class AddressPartitions
{
    public const int Slots = 16_384;

    private Entry?[]? _entries;

    /// <summary>Number of cached addresses.</summary>
    public int Count => _entries?.Count(entry => entry is not null) ?? 0;

    /// <summary>The name of an address's partition.</summary>
    /// <param name="prefix">Prefix of the name. Compared by reference: pass the same string instance for one kind of partition.</param>
    /// <param name="address">The address.</param>
    public string Of(string prefix, ClientAddress address)
    {
        Entry?[] entries = Volatile.Read(ref _entries) ?? Allocate();
        ref Entry? slot = ref entries[(uint)(address.GetHashCode() ^ RuntimeHelpers.GetHashCode(prefix)) % Slots];
        Entry? entry = Volatile.Read(ref slot);
        if (entry is null || entry.Address != address || !ReferenceEquals(entry.Prefix, prefix))
        {
            entry = new Entry(prefix, address, prefix + address);
            Volatile.Write(ref slot, entry);
        }

        return entry.Partition;
    }

    private Entry?[] Allocate()
    {
        Entry?[] entries = new Entry?[Slots];
        return Interlocked.CompareExchange(ref _entries, entries, null) ?? entries;
    }

    private sealed record Entry(string Prefix, ClientAddress Address, string Partition);
}
