using System.Net;

namespace OpenClaw.Notifier.Webhooks;

/// <summary>Reads networks in CIDR form, or single addresses.</summary>
internal static class NetworkText
{
    /// <returns>The network; null when the text is invalid.</returns>
    public static IPNetwork? Parse(string text)
    {
        if (IPNetwork.TryParse(text, out IPNetwork network))
        {
            return network;
        }

        return !text.Contains('/') && IPAddress.TryParse(text, out IPAddress? address)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : null;
    }
}
