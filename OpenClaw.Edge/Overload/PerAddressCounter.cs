using System.Runtime.InteropServices;
using OpenClaw.Edge.Networks;

namespace OpenClaw.Edge.Overload;

/// <summary>Counts resources per address, up to a limit. Keeps only addresses that hold a resource, and allocates nothing while their
/// number is steady.</summary>
/// <param name="total">Resources of all addresses together. With 0, no address can take one.</param>
/// <param name="perAddress">The limit of one address; null for half of <paramref name="total"/>, rounded up.</param>
internal sealed class PerAddressCounter(long total, int? perAddress)
{
    /// <summary>Partitions, each with its own lock, so that different addresses seldom wait for each other.</summary>
    private const int PartitionCount = 64;

    private readonly Dictionary<ClientAddress, int>[] _partitions =
        [.. Enumerable.Range(0, PartitionCount).Select(_ => new Dictionary<ClientAddress, int>())];

    /// <summary>Most resources that one address may hold.</summary>
    public long Limit { get; } = perAddress ?? ((total / 2) + (total % 2));

    /// <summary>Number of addresses that hold a resource. Exact only while no other thread changes a count.</summary>
    public int AddressCount => _partitions.Sum(counts => counts.Count);

    /// <summary>Adds one resource to an address's count.</summary>
    /// <returns>False when the address is at its limit. Otherwise call <see cref="Decrement"/> once when it gives the resource
    /// back.</returns>
    public bool TryIncrement(ClientAddress address)
    {
        Dictionary<ClientAddress, int> counts = PartitionOf(address);
        lock (counts)
        {
            // Options validation keeps the limit at 1 or more, so an entry that is added here does not stay at zero.
            ref int count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, address, out _);
            if (count >= Limit)
            {
                return false;
            }

            count++;
            return true;
        }
    }

    /// <summary>Takes one resource off an address's count.</summary>
    public void Decrement(ClientAddress address)
    {
        Dictionary<ClientAddress, int> counts = PartitionOf(address);
        lock (counts)
        {
            if (--CollectionsMarshal.GetValueRefOrAddDefault(counts, address, out _) == 0)
            {
                counts.Remove(address);
            }
        }
    }

    private Dictionary<ClientAddress, int> PartitionOf(ClientAddress address) => _partitions[(uint)address.GetHashCode() % PartitionCount];
}
