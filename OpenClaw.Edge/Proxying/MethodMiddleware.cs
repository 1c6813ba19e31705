using Microsoft.AspNetCore.Routing;

namespace OpenClaw.Edge.Proxying;

/// <summary>Answers 405 to the methods that end here: CONNECT, which asks a forward proxy for a tunnel, unless it opens a WebSocket over HTTP/2 or 3; TRACE, whose echo
/// would show what proxies add to a request, unless the route's <c>Methods</c> name it (RFC 9110, 9.3.6 and 9.3.8); and any but GET with an upgrade over HTTP/1.1,
/// which must be a GET (RFC 6455, 4.1): YARP would send it as one, and so make it another request than the one that was routed and charged.</summary>
internal sealed class MethodMiddleware(RequestDelegate next)
{
    private const string Others = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    public Task InvokeAsync(HttpContext context)
    {
        // Without an endpoint it is a 404 whatever the method.
        if (Allowed(context) is not { } allowed || context.GetEndpoint() is not RouteEndpoint)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = allowed;
        return Task.CompletedTask;
    }

    /// <summary>The methods to use instead; null when this one goes on.</summary>
    private static string? Allowed(HttpContext context)
    {
        string method = context.Request.Method;
        if (!HttpMethods.IsGet(method) && UpgradeRequest.IsHttp11(context))
        {
            return HttpMethods.Get;
        }

        if (HttpMethods.IsConnect(method))
        {
            return UpgradeRequest.IsExtendedConnect(context) ? null : Others;
        }

        // Where a route names methods, routing has let through only those.
        return HttpMethods.IsTrace(method) && context.GetEndpoint()?.Metadata.GetMetadata<IHttpMethodMetadata>() is null ? Others : null;
    }
}
