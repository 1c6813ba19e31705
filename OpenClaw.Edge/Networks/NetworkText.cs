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
        network = default;
        int slash = text.IndexOf('/');
        if (!AddressText.TryParse(slash < 0 ? text : text[..slash], out IPAddress address))
        {
            return false;
        }

        int bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        int length = bits;
        if (slash >= 0
            && (!int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits))
        {
            return false;
        }

        network = new IPNetwork(address, length);
        return true;
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
