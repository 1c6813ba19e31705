namespace OpenClaw.Edge.Identity;

/// <summary>Partition names of addresses, remembered so that a known address costs no allocation. A fixed number of places, each overwritten
/// by whoever hashes to it: a flood of addresses cannot make it grow.</summary>
/// <param name="prefix">What every name begins with.</param>
internal sealed class AddressPartitions(string prefix)
{
    public const int Places = 16_384;

    private readonly Entry?[] _entries = new Entry?[Places];

    /// <summary>Addresses that are remembered.</summary>
    public int Count => _entries.Count(entry => entry is not null);

    public string Of(ClientAddress address)
    {
        ref Entry? place = ref _entries[(uint)address.GetHashCode() % Places];
        Entry? entry = Volatile.Read(ref place);
        if (entry is null || entry.Address != address)
        {
            entry = new Entry(address, prefix + address);
            Volatile.Write(ref place, entry);
        }

        return entry.Partition;
    }

    private sealed record Entry(ClientAddress Address, string Partition);
}
