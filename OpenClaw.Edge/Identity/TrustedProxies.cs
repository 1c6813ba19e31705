using System.Net;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Identity;

/// <summary>Decides which address sent a request. A forwarded address is believed only when a trusted proxy connected; otherwise the sender
/// is the address of the connection.</summary>
internal sealed class TrustedProxies
{
    private readonly NetworkSet _networks;
    private readonly string _header;

    public TrustedProxies(IOptions<EdgeOptions> options)
    {
        ClientAddressOptions address = options.Value.ClientAddress;
        _networks = NetworkText.Compile(address.TrustedNetworks, EdgeOptions.Section, errors: []);
        _header = address.Header;
        UseForwarded = address.Header.Equals("Forwarded", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether the proxies write <c>Forwarded</c> (RFC 7239), not <c>X-Forwarded-For</c>.</summary>
    public bool UseForwarded { get; }

    /// <summary>Whether an address is that of a trusted proxy.</summary>
    public bool Contain(IPAddress address) => !_networks.IsEmpty && _networks.Contains(address);

    /// <summary>The address that sent a request.</summary>
    public IPAddress SenderOf(HttpContext context)
    {
        // A Unix socket has no address. All of its requests count as one client.
        IPAddress peer = context.Connection.RemoteIpAddress ?? IPAddress.Any;
        if (!Contain(peer))
        {
            return peer;
        }

        // Cached on the request, because two middlewares need it.
        if (context.Features.Get<IPAddress>() is { } known)
        {
            return known;
        }

        IPAddress sender = ForwardedForParser.ClientOf(context.Request.Headers[_header], UseForwarded, _networks) ?? peer;
        context.Features.Set(sender);
        return sender;
    }

    /// <summary>The entries of the forwarding header from the sender's to the nearest proxy's; none when there is no valid one.</summary>
    public List<ForwardedHop> HopsOf(IHeaderDictionary headers)
    {
        List<ForwardedHop> hops = [];
        ForwardedForParser.ClientOf(headers[_header], UseForwarded, _networks, hops);
        hops.Reverse();
        return hops;
    }
}
