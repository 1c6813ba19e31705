namespace OpenClaw.Edge.Options;

/// <summary>How the client's address is found.</summary>
internal sealed class ClientAddressOptions
{
    /// <summary>Networks (CIDR) or single addresses of the proxies whose <see cref="Header"/> is believed. Default none.</summary>
    public List<string> TrustedNetworks { get; set; } = [];

    /// <summary>The one header that those proxies write: <c>X-Forwarded-For</c> (default) or <c>Forwarded</c>.</summary>
    public string Header { get; set; } = "X-Forwarded-For";

    /// <summary>Bits of an IPv6 address that make one client, 32 to 128. Default 64, the smallest network that one subscriber gets.</summary>
    public int IPv6PrefixLength { get; set; } = 64;
}
