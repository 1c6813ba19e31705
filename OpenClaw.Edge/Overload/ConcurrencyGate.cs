using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Responses;
using OpenClaw.RateLimiting.AspNetCore.Problems;

namespace OpenClaw.Edge.Overload;

/// <summary>Limits requests in flight: all together, and those of one address, so that no address can keep all others out.</summary>
/// <param name="limit">Maximum number of requests in flight.</param>
/// <param name="perAddress">Maximum number of requests of one address; null for half of <paramref name="limit"/>, rounded up.</param>
internal sealed class ConcurrencyGate(int limit, int? perAddress)
{
    private readonly PerAddressCounter _perAddress = new(limit, perAddress);
    private int _inFlight;

    /// <summary>Number of requests in flight.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <inheritdoc cref="PerAddressCounter.AddressCount"/>
    public int AddressCount => _perAddress.AddressCount;

    /// <summary>Admits a request of an address.</summary>
    /// <returns>The refusal when a limit is reached. Null when the request is admitted: call <see cref="Exit"/> once when it
    /// ends.</returns>
    public Problem? TryEnter(ClientAddress address)
    {
        if (Interlocked.Increment(ref _inFlight) > limit)
        {
            Interlocked.Decrement(ref _inFlight);
            return Refusal.Overloaded;
        }

        if (_perAddress.TryIncrement(address))
        {
            return null;
        }

        Interlocked.Decrement(ref _inFlight);
        return Refusal.AddressOverloaded;
    }

    /// <summary>Ends a request that was admitted.</summary>
    public void Exit(ClientAddress address)
    {
        _perAddress.Decrement(address);
        Interlocked.Decrement(ref _inFlight);
    }
}
