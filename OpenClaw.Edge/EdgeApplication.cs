using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Admin;
using OpenClaw.Edge.Answers;
using OpenClaw.Edge.Health;
using OpenClaw.Edge.Limiting;
using OpenClaw.Edge.Overload;
using OpenClaw.Edge.Proxying;
using OpenClaw.Edge.Settings;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge;

/// <summary>The edge, from Kestrel to YARP.</summary>
internal static class EdgeApplication
{
    /// <summary>Builds the edge; it does not listen before it is started.</summary>
    /// <param name="options">Command line, content root and environment.</param>
    /// <param name="configure">Further registrations, made last.</param>
    public static WebApplication Create(WebApplicationOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(options).AddLocalSettings();
        builder.AddServiceDefaults();
        builder.AddRedisClient("redis", settings => settings.DisableHealthChecks = true, RedisConnection.Configure);
        builder.AddEdgeLimiting();
        builder.AddEdgeProxy();
        builder.AddEdgeReadiness();
        builder.AddEdgeAdmin();
        builder.Services.AddCors();
        builder.Services.AddSingleton<ConnectionMiddleware>();
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelLimits>();
        configure?.Invoke(builder);
        SettingsFileSource.ReplaceIn(builder.Configuration.Sources);

        WebApplication app = builder.Build();
        app.UseMiddleware<DrainMiddleware>();
        app.UseRouting();
        app.UseMiddleware<MethodMiddleware>();
        app.UseEdgeCors();
        app.UseMiddleware<ConcurrencyMiddleware>();
        app.UseMiddleware<RateLimitMiddleware>();
        app.MapDefaultEndpoints();
        app.MapEdgeProxy();
        return app;
    }
}
