using System.Net;

namespace OpenClaw.Edge.Networks;

/// <summary>Parses IP addresses strictly: <c>203.0.113.7</c>, <c>2001:db8::1</c>.</summary>
internal static class AddressText
{
    private const int LongestIPv4 = 15;

    /// <summary>Parses an address. Stricter than <see cref="IPAddress.TryParse(ReadOnlySpan{char}, out IPAddress)"/>, which accepts "10"
    /// for 0.0.0.10, "010.0.0.1" for 8.0.0.1, "0x7f.1" for 127.0.0.1, and a scope in IPv6.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        bool isIPv6 = text.Contains(':');
        if ((isIPv6 && text.ContainsAnyExcept("0123456789abcdefABCDEF:.")) || !IPAddress.TryParse(text, out IPAddress? parsed))
        {
            return false;
        }

        address = parsed;
        Span<char> canonical = stackalloc char[LongestIPv4];
        return isIPv6 || (parsed.TryFormat(canonical, out int length) && text.SequenceEqual(canonical[..length]));
    }
}
