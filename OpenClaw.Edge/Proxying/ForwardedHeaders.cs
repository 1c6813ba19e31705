using System.Net;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Identity;
using Yarp.ReverseProxy.Transforms;

namespace OpenClaw.Edge.Proxying;

/// <summary>Sets the headers that describe the client to the upstream: <c>X-Forwarded-For</c>, <c>-Proto</c>, <c>-Host</c> and
/// <c>Forwarded</c> (RFC 7239). Forwards only what trusted proxies wrote, from the client's own entry to the right. From other senders
/// these headers are dropped, and so are spellings with underscores from everybody.</summary>
internal sealed class ForwardedHeaders(TrustedProxies trustedProxies)
{
    private const string Prefix = "X-Forwarded-";
    private const string For = Prefix + "For";
    private const string Proto = Prefix + "Proto";
    private const string Host = Prefix + "Host";
    private const string Forwarded = "Forwarded";
    private const string RealIp = "X-Real-IP";

    private readonly bool _usesForwarded = trustedProxies.UseForwarded;

    /// <summary>Removes untrusted entries from a request's headers. Adds none for the peer.</summary>
    public void Clean(HttpContext context)
    {
        IHeaderDictionary headers = context.Request.Headers;
        if (context.Connection.RemoteIpAddress is not { } peer || !trustedProxies.Contain(peer))
        {
            Remove(headers, static _ => true);
            return;
        }

        Remove(headers, static name => name.Contains('_'));

        List<ForwardedHop> hops = trustedProxies.HopsOf(headers);
        bool hasForwarded = headers.ContainsKey(Forwarded);
        string? proto = _usesForwarded ? hops.FirstOrDefault()?.ParameterOf("proto=") : ValueOf(headers[Proto], hops.Count);
        string? host = _usesForwarded ? hops.FirstOrDefault()?.ParameterOf("host=") : ValueOf(headers[Host], hops.Count);
        proto = ForwardedText.IsScheme(proto) ? proto : null;
        host = ForwardedText.IsHost(host) ? host : null;
        // An empty value removes the header.
        headers[For] = hops.Count == 0
            ? default(StringValues)
            : string.Join(", ", hops.Select(hop => _usesForwarded ? $"{hop.Address}" : hop.Text));
        headers[Proto] = proto;
        headers[Host] = host;
        headers[Forwarded] = hasForwarded && hops.Count > 0
            ? string.Join(", ", hops.Select((hop, i) => _usesForwarded ? hop.Text : Element(hop, i == 0 ? (host, proto) : default)))
            : default(StringValues);
    }

    /// <summary>Writes the headers of the upstream request: the entries that <see cref="Clean"/> kept, and the peer.</summary>
    public ValueTask Append(RequestTransformContext context)
    {
        HttpRequest request = context.HttpContext.Request;
        IPAddress? peer = request.HttpContext.Connection.RemoteIpAddress;
        peer = peer is { IsIPv4MappedToIPv6: true } ? peer.MapToIPv4() : peer;
        string? host = request.Host.HasValue ? request.Host.ToUriComponent() : null;
        IHeaderDictionary known = request.Headers;
        Set(context, For, Joined(known[For], peer?.ToString()));
        Set(context, Proto, known[Proto].Count > 0 ? known[Proto].ToString() : request.Scheme);
        Set(context, Host, known[Host].Count > 0 ? known[Host].ToString() : host);
        if (_usesForwarded || known[Forwarded].Count > 0)
        {
            Set(context, Forwarded, Joined(known[Forwarded], ForwardedText.Element(peer, host, request.Scheme)));
        }

        return ValueTask.CompletedTask;
    }

    private static string Element(ForwardedHop hop, (string? Host, string? Proto) client) =>
        ForwardedText.Element(hop.Address, client.Host, client.Proto);

    private static void Set(RequestTransformContext context, string name, string? value)
    {
        RequestTransform.RemoveHeader(context, name);
        if (value is not null)
        {
            context.ProxyRequest.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static string? Joined(StringValues before, string? last) =>
        before.Count == 0 ? last : last is null ? before.ToString() : $"{before}, {last}";

    /// <summary>Removes those headers that describe the client, also with underscores instead of hyphens: CGI, WSGI and PHP read
    /// <c>X_Forwarded_For</c> and <c>X-Forwarded-For</c> as the same variable.</summary>
    private static void Remove(IHeaderDictionary headers, Func<string, bool> filter)
    {
        List<string>? names = null;
        foreach ((string name, _) in headers)
        {
            if (DescribesClient(name) && filter(name))
            {
                (names ??= []).Add(name);
            }
        }

        foreach (string name in names ?? [])
        {
            headers.Remove(name);
        }
    }

    private static bool DescribesClient(string name) =>
        StartsWith(name, Prefix)
        || (name.Length == Forwarded.Length && StartsWith(name, Forwarded))
        || (name.Length == RealIp.Length && StartsWith(name, RealIp));

    private static bool StartsWith(string name, string prefix)
    {
        for (int i = 0; i < prefix.Length; i++)
        {
            if (i == name.Length || char.ToLowerInvariant(name[i] == '_' ? '-' : name[i]) != char.ToLowerInvariant(prefix[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The value for the client's hop. Proxies that append write one value per hop; values further left come from the
    /// client.</summary>
    private static string? ValueOf(StringValues values, int hops)
    {
        string[] all = values.ToString().Split(',', StringSplitOptions.TrimEntries);
        return all[Math.Max(0, all.Length - Math.Max(1, hops))];
    }
}
