using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using OpenClaw.Edge.Options;
using OpenClaw.RateLimiting.AspNetCore.Headers;
using CorsOptions = OpenClaw.Edge.Options.CorsOptions;

namespace OpenClaw.Edge.Responses;

/// <summary>CORS at the edge: answers preflights without a charge, and lets scripts read the rate limit fields, also of refusals.</summary>
internal static class EdgeCors
{
    private static readonly string[] Exposed =
    [
        RateLimitHeadersDraft11.PolicyField, RateLimitHeadersDraft11.StateField,
        RateLimitHeadersDraft06.Fields.Limit, RateLimitHeadersDraft06.Fields.Remaining, RateLimitHeadersDraft06.Fields.Reset,
        RateLimitHeadersLegacy.Fields.Limit, RateLimitHeadersLegacy.Fields.Remaining, RateLimitHeadersLegacy.Fields.Reset,
        HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate, "grpc-status", "grpc-message", RetryAfterHeader.GrpcField,
    ];

    public static void AddEdgeCors(this WebApplicationBuilder builder)
    {
        builder.Services.AddCors();
        builder.Services.AddTransient<ICorsService, EdgeCorsService>();
    }

    public static void UseEdgeCors(this WebApplication app)
    {
        CorsOptions options = app.Services.GetRequiredService<IOptions<EdgeOptions>>().Value.Cors;
        if (options.AllowedOrigins.Count > 0)
        {
            bool isAny = options.AllowedOrigins is ["*"];
            Func<object, Task> complete = isAny ? AllowAny : VaryByOrigin;
            app.Use((context, next) =>
            {
                // Callbacks run in reverse order, so this one runs after the CORS middleware has set its headers.
                context.Response.OnStarting(complete, context.Response);
                return next(context);
            });
            app.Use(RefuseMalformed);
            app.UseCors(policy =>
            {
                policy.WithOrigins([.. options.AllowedOrigins])
                    .AllowAnyHeader()
                    .AllowAnyMethod()
                    .WithExposedHeaders(Exposed)
                    .SetPreflightMaxAge(options.MaxAge);
                if (options.AllowCredentials)
                {
                    policy.AllowCredentials();
                }
            });
        }
    }

    /// <summary>Sends <c>*</c> to requests without an origin too, so that a cache can serve their responses to scripts.</summary>
    private static Task AllowAny(object response)
    {
        DropUpstreamHeaders((HttpResponse)response);
        ((HttpResponse)response).Headers.AccessControlAllowOrigin = "*";
        return Task.CompletedTask;
    }

    /// <summary>Marks all responses as varying by origin, also those to other origins or to none, which a cache could otherwise serve to an
    /// allowed origin.</summary>
    private static Task VaryByOrigin(object response)
    {
        DropUpstreamHeaders((HttpResponse)response);
        IHeaderDictionary headers = ((HttpResponse)response).Headers;
        if (!IsListed(headers.Vary, HeaderNames.Origin) && !IsListed(headers.Vary, "*"))
        {
            headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        }

        return Task.CompletedTask;
    }

    /// <summary>Removes the upstream's headers from a response to a request without an origin. The CORS middleware ignores such
    /// requests.</summary>
    private static void DropUpstreamHeaders(HttpResponse response)
    {
        if (!response.HttpContext.Request.Headers.ContainsKey(HeaderNames.Origin))
        {
            response.Headers.Remove(HeaderNames.AccessControlAllowOrigin);
            response.Headers.Remove(HeaderNames.AccessControlAllowCredentials);
        }
    }

    private static bool IsListed(StringValues list, string name)
    {
        foreach (string? line in list)
        {
            foreach (Range part in line.AsSpan().Split(','))
            {
                if (line.AsSpan(part).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Answers 400 to a preflight that would put control characters into response headers, which Kestrel does not send.</summary>
    private static Task RefuseMalformed(HttpContext context, RequestDelegate next)
    {
        if (!Preflight.Is(context.Request) || Preflight.IsWellFormed(context.Request))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    }
}
