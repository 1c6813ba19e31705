using OpenClaw.Edge.Redis;

namespace OpenClaw.Edge.Usage;

/// <summary>Registers the recording and reporting of usage.</summary>
internal static class UsageRegistration
{
    public static void AddEdgeUsage(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddSingleton<ControlPlaneKeys>();
        services.AddSingleton<UsageRecorder>();
        services.AddSingleton<UsageAggregator>();
        services.AddSingleton<RedisUsageStore>();
        services.AddSingleton<FleetUsage>();
        services.AddSingleton<UsageReporter>();
        services.AddHostedService(provider => provider.GetRequiredService<UsageReporter>());
    }
}
