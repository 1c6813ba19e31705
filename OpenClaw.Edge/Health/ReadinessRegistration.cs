using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Health;

/// <summary>Registers the readiness checks and draining.</summary>
internal static class ReadinessRegistration
{
    public static void AddEdgeReadiness(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Drain>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        builder.Services.AddHealthChecks()
            .AddCheck<RedisHealthCheck>("redis")
            .AddCheck<Drain>("drain");
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<EdgeOptions>>((host, edge) =>
            host.ShutdownTimeout = edge.Value.Drain.Delay + edge.Value.Drain.Timeout);
    }
}
