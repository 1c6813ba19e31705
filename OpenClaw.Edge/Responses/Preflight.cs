using System.Buffers;
using OpenClaw.Edge.Configuration;

namespace OpenClaw.Edge.Responses;

/// <summary>The question that a browser asks before a cross-origin request (Fetch standard, CORS-preflight).</summary>
internal static class Preflight
{
    private static readonly SearchValues<char> ListOfNames =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz, \t");

    public static bool Is(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method)
        && request.Headers.Origin.Count > 0
        && request.Headers.AccessControlRequestMethod.Count > 0;

    /// <summary>Whether it asks for a method and for names of headers. No browser asks for anything else, and an answer repeats it.</summary>
    public static bool IsWellFormed(HttpRequest request) =>
        HttpToken.IsValid(request.Headers.AccessControlRequestMethod.ToString())
        && !request.Headers.AccessControlRequestHeaders.ToString().AsSpan().ContainsAnyExcept(ListOfNames);
}
