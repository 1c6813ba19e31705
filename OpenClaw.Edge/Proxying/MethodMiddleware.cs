using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace OpenClaw.Edge.Proxying;

/// <summary>Answers 405 to the methods that end here (RFC 9110, 9.3.6 and 9.3.8): CONNECT, which asks a forward proxy for a tunnel, unless it opens a
/// WebSocket over HTTP/2 or 3 (RFC 8441); and TRACE, whose echo would show what proxies add to a request, unless the route's <c>Methods</c> name it.</summary>
internal sealed class MethodMiddleware(RequestDelegate next)
{
    private const string Others = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    public Task InvokeAsync(HttpContext context)
    {
        string method = context.Request.Method;
        bool endsHere = HttpMethods.IsTrace(method) || (HttpMethods.IsConnect(method) && !OpensWebSocket(context));
        // Where a route names methods, routing has let through only those; without an endpoint it is a 404 whatever the method.
        if (!endsHere || context.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is not null)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = Others;
        return Task.CompletedTask;
    }

    private static bool OpensWebSocket(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect
        && string.Equals(connect.Protocol, "websocket", StringComparison.OrdinalIgnoreCase);
}
