using System.Buffers;

namespace OpenClaw.Edge.Configuration;

/// <summary>Validates tokens of HTTP (RFC 9110, 5.6.2): names of header fields, and request methods.</summary>
internal static class HttpToken
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static bool IsValid(string name) => name.Length is > 0 and <= 128 && !name.AsSpan().ContainsAnyExcept(TokenCharacters);
}
