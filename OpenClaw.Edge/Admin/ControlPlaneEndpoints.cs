using OpenClaw.Edge.Events;
using OpenClaw.Edge.Redis;
using OpenClaw.Edge.Telemetry;
using OpenClaw.Edge.Usage;
using StackExchange.Redis;

namespace OpenClaw.Edge.Admin;

/// <summary>Endpoints for usage, events, deliveries and the audit trail, and their services.</summary>
internal static class ControlPlaneEndpoints
{
    /// <summary>Adds the services that the endpoints need.</summary>
    /// <param name="services">The admin server's services.</param>
    /// <param name="edge">The edge's services.</param>
    public static void AddControlPlane(this IServiceCollection services, IServiceProvider edge)
    {
        services.AddSingleton(edge.GetRequiredService<EdgeMetrics>());
        services.AddSingleton(edge.GetRequiredService<FleetUsage>());
        services.AddSingleton(edge.GetRequiredService<IConnectionMultiplexer>());
        services.AddSingleton(edge.GetRequiredService<ControlPlaneKeys>());
        services.AddSingleton(edge.GetRequiredService<EventQueue>());
        services.AddSingleton<OperatorEvents>();
        services.AddSingleton<EventReader>();
        services.AddSingleton<FailedDeliveries>();
        services.AddSingleton<Operators>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<ServerSentEvents>();
    }

    /// <summary>Maps the endpoints.</summary>
    public static void MapControlPlane(this IEndpointRouteBuilder api)
    {
        api.MapGroup("").WithTags("Usage").MapUsage();
        api.MapGroup("").WithTags("Events").MapEvents();
        api.MapGroup("").WithTags("Events").MapDeliveries();
        api.MapGroup("").WithTags("Audit").MapAudit();
        api.MapGroup("").WithTags("Rules").MapRulesVersions();
    }
}
