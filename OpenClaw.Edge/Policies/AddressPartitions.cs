using System.Runtime.CompilerServices;
using OpenClaw.Edge.Networks;

namespace OpenClaw.Edge.Policies;

/// <summary>Partition names of addresses, remembered so that a known address costs no allocation. A fixed number of gate, each overwritten
/// by whoever hashes to it: a flood of addresses cannot make it grow. No place is allocated before the first name is asked for.</summary>
internal sealed class AddressPartitions
{
    public const int Slots = 16_384;

    private Entry?[]? _entries;

    /// <summary>Addresses that are remembered.</summary>
    public int Count => _entries?.Count(entry => entry is not null) ?? 0;

    /// <summary>The name of an address's partition.</summary>
    /// <param name="prefix">What the name begins with: one instance for each kind of partition.</param>
    /// <param name="address">The address.</param>
    public string Of(string prefix, ClientAddress address)
    {
        Entry?[] entries = Volatile.Read(ref _entries) ?? Allocate();
        ref Entry? place = ref entries[(uint)(address.GetHashCode() ^ RuntimeHelpers.GetHashCode(prefix)) % Slots];
        Entry? entry = Volatile.Read(ref place);
        if (entry is null || entry.Address != address || !ReferenceEquals(entry.Prefix, prefix))
        {
            entry = new Entry(prefix, address, prefix + address);
            Volatile.Write(ref place, entry);
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
