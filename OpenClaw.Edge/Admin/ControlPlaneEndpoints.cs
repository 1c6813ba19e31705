using OpenClaw.Edge.Telemetry;
using OpenClaw.Edge.Usage;

namespace OpenClaw.Edge.Admin;

/// <summary>Endpoints for usage, events, deliveries and the audit trail, with what they need.</summary>
internal static class ControlPlaneEndpoints
{
    /// <summary>Adds the services that the endpoints need.</summary>
    /// <param name="services">The admin server's services.</param>
    /// <param name="edge">The edge's services.</param>
    public static void AddControlPlane(this IServiceCollection services, IServiceProvider edge)
    {
        services.AddSingleton(edge.GetRequiredService<EdgeMetrics>());
        services.AddSingleton(edge.GetRequiredService<FleetUsage>());
        services.AddSingleton<ServerSentEvents>();
    }

    /// <summary>Maps the endpoints.</summary>
    public static void MapControlPlane(this IEndpointRouteBuilder api)
    {
        api.MapGroup("").WithTags("Usage").MapUsage();
    }
}
