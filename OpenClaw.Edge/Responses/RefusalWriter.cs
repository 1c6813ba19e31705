using System.Buffers;

namespace OpenClaw.Edge.Responses;

/// <summary>Writes refusals, as HTTP problems or gRPC statuses.</summary>
internal static class RefusalWriter
{
    /// <summary>Writes a problem. For gRPC, writes a headers-only response with the status in <c>grpc-status</c>.</summary>
    public static void Write(HttpContext context, Refusal refusal)
    {
        HttpResponse response = context.Response;
        if (GrpcRequest.ResponseType(context.Request) is { } grpc)
        {
            response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = grpc;
            response.Headers.GrpcStatus = refusal.GrpcCode;
            response.Headers.GrpcMessage = refusal.GrpcMessage;
            return;
        }

        response.StatusCode = refusal.StatusCode;
        response.ContentType = "application/problem+json";
        response.ContentLength = refusal.Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            // Not flushed: Kestrel sends headers and body together when the request ends.
            response.BodyWriter.Write(refusal.Body);
        }
    }
}
