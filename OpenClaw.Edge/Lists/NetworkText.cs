using System.Net;
using System.Net.Sockets;

namespace OpenClaw.Edge.Lists;

/// <summary>Networks as they are written in settings.</summary>
internal static class NetworkText
{
    public const string Expected = "a network such as 10.0.0.0/8 or 2001:db8::/32, or an address";

    /// <summary>Parses <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>, or a single address.</summary>
    public static bool TryParse(string? text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network))
        {
            return true;
        }

        // IPAddress alone would read "10" as 0.0.0.10.
        if (text is null || text.Contains('/') || !(text.Contains(':') || text.AsSpan().Count('.') == 3) || !IPAddress.TryParse(text, out IPAddress? address))
        {
            return false;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        network = new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        return true;
    }

    /// <summary>Parses all, adding one error for each that is not a network.</summary>
    public static NetworkSet Compile(IReadOnlyList<string> texts, string path, List<string> errors)
    {
        List<IPNetwork> networks = [];
        for (int i = 0; i < texts.Count; i++)
        {
            if (TryParse(texts[i], out IPNetwork network))
            {
                networks.Add(network);
            }
            else
            {
                errors.Add($"{path}:{i} is '{texts[i]}'; it must be {Expected}.");
            }
        }

        return new NetworkSet(networks);
    }
}
