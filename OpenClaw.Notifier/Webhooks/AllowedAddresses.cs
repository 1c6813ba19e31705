using System.Net;
using System.Net.Sockets;

namespace OpenClaw.Notifier.Webhooks;

/// <summary>The IP addresses that webhooks may reach: public ones, and those of the networks in the settings. Addresses of private
/// networks, of this machine and of cloud metadata services are not public.</summary>
/// <param name="allowed">Networks that are allowed although they are not public.</param>
internal sealed class AllowedAddresses(IEnumerable<IPNetwork> allowed)
{
    // IANA's special-purpose registries of IPv4 and, within 2000::/3, of IPv6, and multicast.
    private static readonly IPNetwork[] NotPublic =
    [
        .. ((string[])[
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        ]).Select(network => IPNetwork.Parse(network)),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    // NAT64: IPv6 addresses that contain an IPv4 address in their last four bytes.
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    private readonly IPNetwork[] _allowed = [.. allowed];

    /// <summary>Whether a webhook may reach an address.</summary>
    public bool Contains(IPAddress address)
    {
        address = Unwrap(address);
        return Array.Exists(_allowed, network => network.Contains(address)) || IsPublic(address);
    }

    private static bool IsPublic(IPAddress address) =>
        (address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address))
        && !Array.Exists(NotPublic, network => network.Contains(address));

    // The address that is finally reached, without a scope, which would keep networks from matching.
    private static IPAddress Unwrap(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        byte[] bytes = address.GetAddressBytes();
        return Nat64.Contains(new IPAddress(bytes)) ? new IPAddress(bytes.AsSpan(12)) : new IPAddress(bytes);
    }
}
