using Microsoft.AspNetCore.Http;

namespace OpenClaw.Edge.Health;

/// <summary>While the edge is stopping, tells HTTP/1 clients to open their next connection elsewhere. HTTP/2 has a frame for that, which Kestrel sends.</summary>
internal sealed class DrainMiddleware(RequestDelegate next, Drain drain)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (drain.IsDraining && HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        return next(context);
    }
}
