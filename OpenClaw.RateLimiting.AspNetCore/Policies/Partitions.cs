using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace OpenClaw.RateLimiting.AspNetCore.Policies;

/// <summary>Finds partitions of requests. Each kind has its own prefix, so that no user name can collide with an address.</summary>
internal static class Partitions
{
    private const int MaxNameLength = 200;

    /// <summary>The user; the address for an anonymous request.</summary>
    public static string User(HttpContext context, int ipv6PrefixLength)
    {
        if (context.User.Identity is not { IsAuthenticated: true } identity)
        {
            return Address(context, ipv6PrefixLength);
        }

        string? id = context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? context.User.FindFirstValue("sub") ?? identity.Name;
        return string.IsNullOrEmpty(id) ? Address(context, ipv6PrefixLength)
            : id.Length <= MaxNameLength ? string.Concat("u:", id)
            : string.Concat("u#", Hash(id));
    }

    /// <summary>The address of the connection: all of an IPv4 address, the network prefix of an IPv6 address.</summary>
    public static string Address(HttpContext context, int ipv6PrefixLength)
        => context.Connection.RemoteIpAddress is { } address ? string.Concat("a:", Prefix(address, ipv6PrefixLength)) : "a:unknown";

    /// <summary>A hash of a header's value; the address if the request lacks the header.</summary>
    public static Func<HttpContext, int, string> Header(string header)
    {
        ArgumentException.ThrowIfNullOrEmpty(header);
        return (context, ipv6PrefixLength) =>
            context.Request.Headers.TryGetValue(header, out StringValues values) && values.ToString() is { Length: > 0 } value
                ? string.Concat("h:", Hash(value))
                : Address(context, ipv6PrefixLength);
    }

    /// <summary>The partition from a delegate; the address if that is null.</summary>
    public static Func<HttpContext, int, string> Custom(Func<HttpContext, string?> partition)
    {
        ArgumentNullException.ThrowIfNull(partition);
        return (context, ipv6PrefixLength) => partition(context) ?? Address(context, ipv6PrefixLength);
    }

    private static string Prefix(IPAddress address, int ipv6PrefixLength)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return address.ToString();
        }

        // Drops the scope, which is the name of a network interface.
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        int whole = ipv6PrefixLength / 8;
        if (whole < bytes.Length)
        {
            bytes[whole] &= (byte)(0xFF00 >> (ipv6PrefixLength % 8));
            bytes[(whole + 1)..].Clear();
        }

        return $"{new IPAddress(bytes)}/{ipv6PrefixLength}";
    }

    // A header's value may be a secret, and would be readable in Redis.
    private static string Hash(string value)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(value));
        return Convert.ToBase64String(hash);
    }
}
