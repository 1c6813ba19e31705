namespace OpenClaw.Edge.Proxying;

/// <summary>Recognises streaming calls of the Connect protocol by their content type, such as <c>application/connect+proto</c>. Requests
/// and responses have it; other Connect calls have the type of their message.</summary>
internal static class ConnectStream
{
    private const string Prefix = "application/connect+";

    public static bool Is(string? contentType) => contentType?.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) is true;
}
