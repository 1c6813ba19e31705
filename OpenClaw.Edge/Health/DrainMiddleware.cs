using Microsoft.AspNetCore.Http;

namespace OpenClaw.Edge.Health;

/// <summary>Sends <c>Connection: close</c> to HTTP/1 clients while the edge drains. For HTTP/2 Kestrel sends GOAWAY.</summary>
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
