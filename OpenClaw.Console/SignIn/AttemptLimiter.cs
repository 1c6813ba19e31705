using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace OpenClaw.Console.SignIn;

/// <summary>Limits sign-in attempts per address (per /64 for IPv6): five at once, then one every five seconds.</summary>
internal sealed class AttemptLimiter : IDisposable
{
    /// <summary>Attempts at once.</summary>
    public const int Burst = 5;

    /// <summary>Time until the next attempt.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetTokenBucketLimiter(Network(address), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Burst,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = Period,
        }));

    /// <summary>Takes an attempt.</summary>
    /// <returns>False when the limit is reached.</returns>
    public bool TryTake(IPAddress? address)
    {
        using RateLimitLease lease = _limiter.AttemptAcquire(address ?? IPAddress.None);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();

    private static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6 || address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address.MapToIPv4();
        }

        byte[] bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes);
    }
}
