using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Admin;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Events;
using OpenClaw.Edge.Health;
using OpenClaw.Edge.Limiting;
using OpenClaw.Edge.Overload;
using OpenClaw.Edge.Proxying;
using OpenClaw.Edge.Redis;
using OpenClaw.Edge.Responses;
using OpenClaw.Edge.Usage;
using OpenClaw.Edge.WarmUp;

namespace OpenClaw.Edge;

/// <summary>The edge, from Kestrel to YARP.</summary>
internal static class EdgeApplication
{
    /// <summary>Builds the edge; it does not listen before it is started.</summary>
    /// <param name="options">Command line, content root and environment.</param>
    /// <param name="configure">Further registrations, made last.</param>
    public static WebApplication Create(WebApplicationOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(options).AddLocalSettings().AddMountedSettings();
        builder.AddServiceDefaults();
        builder.AddEdgeRedis();
        builder.AddEdgeLimiting();
        builder.AddEdgeUsage();
        builder.AddEdgeEvents();
        builder.AddEdgeProxy();
        builder.AddEdgeReadiness();
        builder.AddOutageLogs();
        builder.AddUpstreamHealth();
        builder.AddEdgeAdmin();
        builder.AddEdgeCors();
        builder.Services.AddHostedService<PipelineWarmUp>();
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton<ConnectionMiddleware>();
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelLimits>();
        configure?.Invoke(builder);
        SettingsFileSource.ReplaceIn(builder.Configuration.Sources);

        WebApplication app = builder.Build();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            // Without this, Development would answer with the exception.
            StatusCodeSelector = static exception => exception is Microsoft.AspNetCore.Http.BadHttpRequestException bad
                ? bad.StatusCode
                : StatusCodes.Status500InternalServerError,
        });
        app.UseMiddleware<DrainMiddleware>();
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseEdgeCors();
        app.UseMiddleware<HeaderLimitMiddleware>();
        app.UseMiddleware<MethodMiddleware>();
        app.UseMiddleware<PathMiddleware>();
        app.UseMiddleware<ConcurrencyMiddleware>();
        app.UseMiddleware<RateLimitMiddleware>();
        app.MapEdgeProxy();
        return app;
    }
}
