using System.Buffers;

namespace OpenClaw.Edge.Configuration;

/// <summary>Names of header fields, which are tokens (RFC 9110, 5.6.2). Request methods are as well.</summary>
internal static class HttpToken
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static bool IsValid(string name) => name.Length is > 0 and <= 128 && !name.AsSpan().ContainsAnyExcept(TokenCharacters);
}
