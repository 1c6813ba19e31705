namespace OpenClaw.Edge.Answers;

/// <summary>The question that a browser asks before a cross-origin request (Fetch standard, CORS-preflight).</summary>
internal static class Preflight
{
    public static bool Is(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method)
        && request.Headers.Origin.Count > 0
        && request.Headers.AccessControlRequestMethod.Count > 0;
}
