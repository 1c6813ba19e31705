using System.Runtime.InteropServices;
using OpenClaw.Edge.Answers;
using OpenClaw.Edge.Identity;

namespace OpenClaw.Edge.Overload;

/// <summary>Places for requests in flight: so many in all, and only a share of them for one address, so that no address can keep all others out. It remembers
/// the addresses that hold a place and no others, and at a steady number of them allocates nothing.</summary>
/// <param name="count">Places in all.</param>
/// <param name="perAddress">The most that one address may hold; null for half.</param>
internal sealed class Places(int count, int? perAddress)
{
    /// <summary>Parts with a lock of their own, so that requests of different addresses seldom wait for each other.</summary>
    private const int Parts = 64;

    private readonly int _perAddress = perAddress ?? ((count / 2) + (count % 2));
    private readonly Dictionary<ClientAddress, int>[] _held = [.. Enumerable.Range(0, Parts).Select(_ => new Dictionary<ClientAddress, int>())];
    private int _taken;

    /// <summary>Places that are taken.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Addresses that hold a place; exact only while nobody takes one or gives one back.</summary>
    public int Addresses => _held.Sum(held => held.Count);

    /// <summary>Takes a place, to be given back.</summary>
    /// <returns>Null, or why there is none.</returns>
    public Refusal? Take(ClientAddress address)
    {
        if (Interlocked.Increment(ref _taken) > count)
        {
            Interlocked.Decrement(ref _taken);
            return Refusal.Overloaded;
        }

        Dictionary<ClientAddress, int> held = HeldNear(address);
        lock (held)
        {
            // At least 1 wherever there are places at all, so what is added here never stays at zero.
            ref int own = ref CollectionsMarshal.GetValueRefOrAddDefault(held, address, out _);
            if (own < _perAddress)
            {
                own++;
                return null;
            }
        }

        Interlocked.Decrement(ref _taken);
        return Refusal.AddressOverloaded;
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

        Interlocked.Decrement(ref _taken);
    }

    private Dictionary<ClientAddress, int> HeldNear(ClientAddress address) => _held[(uint)address.GetHashCode() % Parts];
}
