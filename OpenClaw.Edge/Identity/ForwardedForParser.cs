using System.Buffers;
using System.Net;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Networks;

namespace OpenClaw.Edge.Identity;

/// <summary>Reads <c>X-Forwarded-For</c> and <c>Forwarded</c> (RFC 7239) from the right. Each proxy appends its entry, so only entries
/// written by trusted proxies are parsed, and none that a client put further left.</summary>
internal static class ForwardedForParser
{
    /// <summary>Largest number of hops in a valid header.</summary>
    public const int MaxHops = 32;

    private const int MaxNodeLength = 128;

    /// <summary>Characters of an obfuscated port after its underscore (RFC 7239, 6.3).</summary>
    private static readonly SearchValues<char> ObfuscatedCharacters =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-");

    /// <summary>The first address from the right that is not in <paramref name="trusted"/>; when all are trusted, the rightmost. Null when
    /// there is none, or when an entry that was read is malformed.</summary>
    /// <remarks>When all are trusted, ASP.NET Core and nginx take the leftmost. But a client inside a trusted network can invent that
    /// entry, because its own address is trusted. The rightmost is the address that the connected proxy saw itself.</remarks>
    /// <param name="header">The header's lines.</param>
    /// <param name="isForwarded">Whether it is <c>Forwarded</c>.</param>
    /// <param name="trusted">Networks of trusted proxies.</param>
    /// <param name="hops">Receives the entries from the right up to the client's; none when there is no client.</param>
    public static IPAddress? ClientOf(StringValues header, bool isForwarded, NetworkSet trusted, List<ForwardedHop>? hops = null)
    {
        IPAddress? nearest = null;
        int count = 0;
        for (int line = header.Count - 1; line >= 0; line--)
        {
            ReadOnlySpan<char> rest = header[line];
            while (!rest.IsEmpty)
            {
                int comma = isForwarded ? LastCommaOutsideQuotes(rest) : rest.LastIndexOf(',');
                ReadOnlySpan<char> hop = rest[(comma + 1)..].Trim(" \t");
                rest = comma < 0 ? default : rest[..comma];
                if (++count > MaxHops || !TryParseHop(hop, isForwarded, out IPAddress? address))
                {
                    hops?.Clear();
                    return null;
                }

                nearest ??= address;
                hops?.Add(new ForwardedHop(hop.ToString(), address));
                if (!trusted.Contains(address))
                {
                    return address;
                }
            }
        }

        if (hops?.Count > 1)
        {
            hops.RemoveRange(1, hops.Count - 1);
        }

        return nearest;
    }

    /// <summary>The value of an element's one parameter of that name, unquoted.</summary>
    public static bool TryTakeParameter(ReadOnlySpan<char> element, string name, out ReadOnlySpan<char> value)
    {
        value = default;
        bool found = false;
        while (!element.IsEmpty)
        {
            if (!TryFindEndOfPair(element, out int end))
            {
                return false;
            }

            ReadOnlySpan<char> pair = element[..end].Trim(" \t");
            element = element[Math.Min(end + 1, element.Length)..];
            if (!pair.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (found)
            {
                return false;
            }

            found = true;
            value = pair[name.Length..];
            if (value is ['"', .., '"'])
            {
                value = value[1..^1];
            }
        }

        return found;
    }

    private static bool TryParseHop(ReadOnlySpan<char> hop, bool isForwarded, out IPAddress address)
    {
        address = IPAddress.None;
        return (!isForwarded || TryTakeParameter(hop, "for=", out hop)) && TryParseNode(hop, out address);
    }

    /// <summary>An address, with or without port: <c>192.0.2.1</c>, <c>192.0.2.1:80</c>, <c>2001:db8::1</c>, <c>[2001:db8::1]:80</c>,
    /// <c>192.0.2.1:_secret</c>.</summary>
    private static bool TryParseNode(ReadOnlySpan<char> node, out IPAddress address)
    {
        address = IPAddress.None;
        if (node.Length is 0 or > MaxNodeLength)
        {
            return false;
        }

        if (node[0] == '[')
        {
            int end = node.IndexOf(']');
            if (end < 0 || !IsPortOrEmpty(node[(end + 1)..]))
            {
                return false;
            }

            node = node[1..end];
            return node.Contains(':') && TryParseAddress(node, out address);
        }

        int colon = node.IndexOf(':');
        if (colon >= 0 && colon == node.LastIndexOf(':'))
        {
            if (!IsPortOrEmpty(node[colon..]))
            {
                return false;
            }

            node = node[..colon];
        }

        return TryParseAddress(node, out address);
    }

    private static bool TryParseAddress(ReadOnlySpan<char> text, out IPAddress address)
    {
        bool parsed = AddressText.TryParse(text, out address);
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return parsed;
    }

    private static bool IsPortOrEmpty(ReadOnlySpan<char> text) => text switch
    {
        [] => true,
        [':', '_', _, ..] => !text[2..].ContainsAnyExcept(ObfuscatedCharacters),
        [':', _, ..] => text.Length <= 6 && !text[1..].ContainsAnyExceptInRange('0', '9'),
        _ => false,
    };

    /// <summary>The last comma that is not in a quoted string. A quoted string may repeat the client's <c>Host</c>, with a backslash before
    /// each quote. If such a quote ended the string, the client could add elements of its own.</summary>
    private static int LastCommaOutsideQuotes(ReadOnlySpan<char> text)
    {
        bool quoted = false;
        for (int i = text.Length - 1; i >= 0; i--)
        {
            if (text[i] == '"')
            {
                int backslashes = i - 1 - text[..i].LastIndexOfAnyExcept('\\');
                quoted ^= backslashes % 2 == 0;
            }
            else if (text[i] == ',' && !quoted)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Finds the end of the first <c>name=value</c>: a semicolon that is not in a quoted string. Returns false when a quoted
    /// string does not end.</summary>
    private static bool TryFindEndOfPair(ReadOnlySpan<char> element, out int end)
    {
        bool quoted = false;
        for (end = 0; end < element.Length && (quoted || element[end] != ';'); end++)
        {
            if (element[end] == '"')
            {
                quoted = !quoted;
            }
            else if (quoted && element[end] == '\\')
            {
                end++;
            }
        }

        return !quoted;
    }
}
