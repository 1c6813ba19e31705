using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Edge.Options;

/// <summary>Settings that determine a client's address.</summary>
internal sealed class ClientAddressOptions
{
    /// <summary>Networks (CIDR) or single addresses of trusted proxies, whose <see cref="Header"/> is used. Default none.</summary>
    public List<string> TrustedNetworks { get; set; } = [];

    /// <summary>The forwarding header of these proxies: <c>X-Forwarded-For</c> (default) or <c>Forwarded</c>.</summary>
    public string Header { get; set; } = "X-Forwarded-For";

    /// <summary>Prefix length of IPv6 networks that count as one client, 32 to 128. Default 64, the smallest network that a subscriber
    /// gets.</summary>
    [Range(32, 128)]
    public int IPv6PrefixLength { get; set; } = 64;
}
