using System.Net;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Options;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Admin;

/// <summary>Reads addresses in admin requests: an IP address, or a client's address as responses write it, which for IPv6 is a network such
/// as <c>2001:db8:1:2::/64</c>.</summary>
internal sealed class AddressReader(IOptions<EdgeOptions> options)
{
    private readonly int _ipv6PrefixLength = options.Value.ClientAddress.IPv6PrefixLength;

    /// <summary>Reads an address.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">Receives the address; of a network, as it is written before the slash.</param>
    /// <param name="client">Receives the part that identifies one client.</param>
    /// <param name="error">Receives the reason when it cannot be used.</param>
    public bool TryRead(string text, out IPAddress address, out ClientAddress client, out string error)
    {
        client = default;
        error = "";
        string shown = SettingText.Shown(text);
        if (!NetworkText.TryParse(text, out address, out int prefixLength))
        {
            error = $"address is '{shown}'; it must be an IP address, or an IPv6 network of /{_ipv6PrefixLength}.";
            return false;
        }

        client = ClientAddress.From(address, _ipv6PrefixLength);
        if (text.Contains('/', StringComparison.Ordinal) && prefixLength != client.PrefixLength)
        {
            error = client.IsIPv4
                ? $"address is '{shown}'; write an IPv4 address without a prefix."
                : $"address is '{shown}'; its prefix must be /{_ipv6PrefixLength}, which identifies one client "
                    + $"({EdgeOptions.Section}:ClientAddress:{nameof(ClientAddressOptions.IPv6PrefixLength)}).";
            return false;
        }

        return true;
    }
}
