using OpenClaw.Edge.Answers;
using OpenClaw.Edge.Identity;

namespace OpenClaw.Edge.Overload;

/// <summary>Places for requests in flight: so many in all, and only a share of them for one address, so that no address can keep all others out.</summary>
/// <param name="count">Places in all.</param>
/// <param name="perAddress">The most that one address may hold; null for half.</param>
internal sealed class Places(int count, int? perAddress)
{
    private readonly AddressShares _shares = new(count, perAddress);
    private int _taken;

    /// <summary>Places that are taken.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <inheritdoc cref="AddressShares.Addresses"/>
    public int Addresses => _shares.Addresses;

    /// <summary>Takes a place, to be given back.</summary>
    /// <returns>Null, or why there is none.</returns>
    public Refusal? Take(ClientAddress address)
    {
        if (Interlocked.Increment(ref _taken) > count)
        {
            Interlocked.Decrement(ref _taken);
            return Refusal.Overloaded;
        }

        if (_shares.TryTake(address))
        {
            return null;
        }

        Interlocked.Decrement(ref _taken);
        return Refusal.AddressOverloaded;
    }

    public void GiveBack(ClientAddress address)
    {
        _shares.GiveBack(address);
        Interlocked.Decrement(ref _taken);
    }
}
