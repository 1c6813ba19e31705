namespace OpenClaw.Edge.Responses;

/// <summary>Calls of gRPC, and of gRPC-Web from browsers. Both are POSTs: an answer of 200 to anything else could be taken for the resource, and be kept by caches.</summary>
internal static class GrpcRequest
{
    private const string Grpc = "application/grpc";

    public static bool Is(HttpRequest request) => ResponseType(request) is not null;

    /// <summary>The content type of an answer without messages; null when the request is no call.</summary>
    public static string? ResponseType(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method) || request.ContentType is not { } type || !type.StartsWith(Grpc, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // What may follow is a format (+proto) and parameters.
        ReadOnlySpan<char> kind = type.AsSpan(Grpc.Length);
        int end = kind.IndexOfAny('+', ';');
        return (end < 0 ? kind : kind[..end]).TrimEnd() switch
        {
            "" => Grpc,
            var web when web.Equals("-web", StringComparison.OrdinalIgnoreCase) => "application/grpc-web+proto",
            var text when text.Equals("-web-text", StringComparison.OrdinalIgnoreCase) => "application/grpc-web-text+proto",
            _ => null,
        };
    }
}
