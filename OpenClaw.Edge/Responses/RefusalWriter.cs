using System.Buffers;

namespace OpenClaw.Edge.Responses;

/// <summary>Sends a refusal in the form that the client understands.</summary>
internal static class RefusalWriter
{
    /// <summary>Writes a problem, or for gRPC a response of headers only whose status is in <c>grpc-status</c>.</summary>
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
            // Not flushed: Kestrel sends head and body together when the request ends.
            response.BodyWriter.Write(refusal.Body);
        }
    }
}
