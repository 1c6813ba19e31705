using Microsoft.AspNetCore.Routing;

namespace OpenClaw.Edge.Proxying;

/// <summary>Answers 405 to methods that are not proxied. CONNECT asks a forward proxy for a tunnel; it passes only when it opens a
/// WebSocket over HTTP/2 or 3. TRACE would reveal what proxies add to a request; it passes only when the route's <c>Methods</c> name it
/// (RFC 9110, 9.3.6 and 9.3.8). An upgrade over HTTP/1.1 must be a GET (RFC 6455, 4.1); YARP would turn any other method into a GET, which
/// is not the request that was routed and charged.</summary>
internal sealed class MethodMiddleware(RequestDelegate next)
{
    private const string Others = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    public Task InvokeAsync(HttpContext context)
    {
        // Without an endpoint the response is 404 for any method.
        if (Allowed(context) is not { } allowed || context.GetEndpoint() is not RouteEndpoint)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = allowed;
        return Task.CompletedTask;
    }

    /// <summary>The value of <c>Allow</c>; null when the method passes.</summary>
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

        // If the route names methods, routing has already matched one of them.
        return HttpMethods.IsTrace(method) && context.GetEndpoint()?.Metadata.GetMetadata<IHttpMethodMetadata>() is null ? Others : null;
    }
}
