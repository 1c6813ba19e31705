using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OpenClaw.Edge.Networks;

/// <summary>Parses networks in settings.</summary>
internal static class NetworkText
{
    public const string Expected = "a network such as 10.0.0.0/8 or 2001:db8::/32, or an address";

    /// <summary>Parses <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>, or a single address.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IPNetwork network)
    {
        bool isNetwork = TryParse(text, out IPAddress address, out int prefixLength);
        network = isNetwork ? new IPNetwork(address, prefixLength) : default;
        return isNetwork;
    }

    /// <summary>Parses the same, and keeps the address as it is written, host bits included.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">Receives the address.</param>
    /// <param name="prefixLength">Receives the prefix length; 32 or 128 for a single address.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out IPAddress address, out int prefixLength)
    {
        prefixLength = 0;
        int slash = text.IndexOf('/');
        if (!AddressText.TryParse(slash < 0 ? text : text[..slash], out address))
        {
            return false;
        }

        int bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        prefixLength = bits;
        return slash < 0
            || (int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out prefixLength)
                && prefixLength <= bits);
    }

    /// <summary>Parses all texts. Adds one error for each that is not a network.</summary>
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
