using Microsoft.Extensions.Options;
using OpenClaw.Edge.Settings;

namespace OpenClaw.Edge.Answers;

/// <summary>CORS at the edge: preflights are answered here, for free, and scripts may read the rate limit fields, of refusals too.</summary>
internal static class CrossOrigin
{
    private static readonly string[] Exposed =
    [
        RateLimitDraft11.PolicyField, RateLimitDraft11.StateField, "Retry-After",
        LegacyRateLimitHeaders.Limit, LegacyRateLimitHeaders.Remaining, LegacyRateLimitHeaders.Reset,
        "grpc-status", "grpc-message",
    ];

    public static void UseEdgeCors(this WebApplication app)
    {
        CorsOptions options = app.Services.GetRequiredService<IOptions<EdgeOptions>>().Value.Cors;
        if (options.AllowedOrigins.Count > 0)
        {
            app.Use(RefuseMalformed);
            app.UseCors(policy => policy
                .WithOrigins([.. options.AllowedOrigins])
                .AllowAnyHeader()
                .AllowAnyMethod()
                .WithExposedHeaders(Exposed)
                .SetPreflightMaxAge(options.MaxAge));
        }
    }

    /// <summary>400, where repeating the question would take control characters into headers, which Kestrel does not send.</summary>
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
