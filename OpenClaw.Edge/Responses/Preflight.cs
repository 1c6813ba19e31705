using System.Buffers;
using OpenClaw.Edge.Configuration;

namespace OpenClaw.Edge.Responses;

/// <summary>Recognises CORS preflight requests (Fetch standard, CORS-preflight).</summary>
internal static class Preflight
{
    private static readonly SearchValues<char> ListOfNames =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz, \t");

    public static bool Is(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method)
        && request.Headers.Origin.Count > 0
        && request.Headers.AccessControlRequestMethod.Count > 0;

    /// <summary>Whether the requested method and header names are valid. Browsers send no others, and the response repeats them.</summary>
    public static bool IsWellFormed(HttpRequest request) =>
        HttpToken.IsValid(request.Headers.AccessControlRequestMethod.ToString())
        && !request.Headers.AccessControlRequestHeaders.ToString().AsSpan().ContainsAnyExcept(ListOfNames);
}
