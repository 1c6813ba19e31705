using Microsoft.AspNetCore.Http;
namespace OpenClaw.RateLimiting.AspNetCore.Problems;

/// <summary>Recognises gRPC calls, and gRPC-Web calls from browsers. Only POST requests count: the refusal of a gRPC call has status 200,
/// which caches could store as the resource for another method.</summary>
internal static class GrpcRequest
{
    private const string Grpc = "application/grpc";

    public static bool Is(HttpRequest request) => ResponseType(request) is not null;

    /// <summary>The content type of a response without messages; null when the request is not a gRPC call.</summary>
    public static string? ResponseType(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method)
            || request.ContentType is not { } type
            || !type.StartsWith(Grpc, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // A format (+proto) and parameters may follow.
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
