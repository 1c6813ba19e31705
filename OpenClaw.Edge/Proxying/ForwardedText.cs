using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace OpenClaw.Edge.Proxying;

/// <summary>Formats and validates values of forwarding headers.</summary>
internal static class ForwardedText
{
    private const int MaxHostLength = 255 + 6;

    private static readonly string[] Schemes = ["http", "https", "ws", "wss"];

    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._~[]:");

    public static bool IsScheme(string? text) =>
        text is not null && Schemes.Contains(text, StringComparer.OrdinalIgnoreCase);

    public static bool IsHost(string? text) =>
        text is { Length: > 0 and <= MaxHostLength } && !text.AsSpan().ContainsAnyExcept(HostCharacters);

    /// <summary>An element of <c>Forwarded</c>: <c>for="[2001:db8::1]";host="api.example.com:8080";proto=https</c>.</summary>
    public static string Element(IPAddress? address, string? host, string? proto)
    {
        string node = address is null ? "unknown"
            : address.AddressFamily == AddressFamily.InterNetworkV6 ? $"\"[{address}]\"" : $"{address}";
        return $"for={node}{(IsHost(host) ? $";host=\"{host}\"" : "")}{(proto is null ? "" : $";proto={proto}")}";
    }
}
