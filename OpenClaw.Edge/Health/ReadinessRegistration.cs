using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Health;

/// <summary>Registers the readiness check and draining.</summary>
internal static class ReadinessRegistration
{
    public static void AddEdgeReadiness(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Drain>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        builder.Services.AddHealthChecks().AddCheck<RedisHealthCheck>("redis");
        // Read here, because the host's options are needed before the settings are validated.
        builder.Services.AddOptions<HostOptions>().Configure<IConfiguration>((host, configuration) =>
        {
            DrainOptions drain = StrictSettings.Read<DrainOptions>(configuration, $"{EdgeOptions.Section}:{nameof(EdgeOptions.Drain)}", []);
            host.ShutdownTimeout = drain.Delay + drain.Timeout;
        });
    }
}
