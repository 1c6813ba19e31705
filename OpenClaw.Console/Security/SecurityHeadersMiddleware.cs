namespace OpenClaw.Console.Security;

/// <summary>Adds security headers: only scripts from this server, no frames on other sites, no caching.</summary>
internal sealed class SecurityHeadersMiddleware(RequestDelegate next)
{
    // Scripts and style sheets come from this server only. Style attributes are allowed: components set widths and positions with them.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        // Only then, because the error page begins with a cleared response.
        context.Response.OnStarting(
            static state =>
            {
                Add(((HttpResponse)state).Headers);
                return Task.CompletedTask;
            },
            context.Response);
        return next(context);
    }

    private static void Add(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }
    }
}
