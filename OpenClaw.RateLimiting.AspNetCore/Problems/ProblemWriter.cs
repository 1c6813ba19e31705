using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace OpenClaw.RateLimiting.AspNetCore.Problems;

/// <summary>Writes problems, for HTTP or for gRPC.</summary>
internal static class ProblemWriter
{
    /// <summary>Writes a problem. For gRPC, writes a headers-only response with the status in <c>grpc-status</c>.</summary>
    public static void Write(HttpContext context, Problem problem)
    {
        HttpResponse response = context.Response;
        if (GrpcRequest.ResponseType(context.Request) is { } grpc)
        {
            response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = grpc;
            response.Headers.GrpcStatus = problem.GrpcCode;
            response.Headers.GrpcMessage = problem.GrpcMessage;
            return;
        }

        response.StatusCode = problem.StatusCode;
        response.ContentType = "application/problem+json";
        response.ContentLength = problem.Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            // Not flushed: Kestrel sends headers and body together when the request ends.
            response.BodyWriter.Write(problem.Body);
        }
    }
}
