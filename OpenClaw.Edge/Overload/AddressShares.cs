using System.Runtime.InteropServices;
using OpenClaw.Edge.Identity;

namespace OpenClaw.Edge.Overload;

/// <summary>What each address holds of something, and may hold of it. It remembers the addresses that hold something and no others, and at a steady number of
/// them allocates nothing.</summary>
/// <param name="count">How much there is in all; of 0 nothing may be taken.</param>
/// <param name="perAddress">The most that one address may hold; null for half.</param>
internal sealed class AddressShares(long count, int? perAddress)
{
    /// <summary>Parts with a lock of their own, so that different addresses seldom wait for each other.</summary>
    private const int Parts = 64;

    private readonly Dictionary<ClientAddress, int>[] _held = [.. Enumerable.Range(0, Parts).Select(_ => new Dictionary<ClientAddress, int>())];

    /// <summary>The most that one address may hold.</summary>
    public long Share { get; } = perAddress ?? ((count / 2) + (count % 2));

    /// <summary>Addresses that hold something; exact only while nobody takes or gives back.</summary>
    public int Addresses => _held.Sum(held => held.Count);

    /// <summary>Takes one, to be given back, unless the address has its share.</summary>
    public bool TryTake(ClientAddress address)
    {
        Dictionary<ClientAddress, int> held = HeldNear(address);
        lock (held)
        {
            // The share is at least 1, so what is added here never stays at zero.
            ref int own = ref CollectionsMarshal.GetValueRefOrAddDefault(held, address, out _);
            if (own >= Share)
            {
                return false;
            }

            own++;
            return true;
        }
    }

    public void GiveBack(ClientAddress address)
    {
        Dictionary<ClientAddress, int> held = HeldNear(address);
        lock (held)
        {
            if (--CollectionsMarshal.GetValueRefOrAddDefault(held, address, out _) == 0)
            {
                held.Remove(address);
            }
        }
    }

    private Dictionary<ClientAddress, int> HeldNear(ClientAddress address) => _held[(uint)address.GetHashCode() % Parts];
}
