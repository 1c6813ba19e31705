using OpenClaw.Edge.Usage;

namespace OpenClaw.Edge.Events;

/// <summary>Registers the services that detect and append events.</summary>
internal static class EventsRegistration
{
    public static void AddEdgeEvents(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddSingleton<EventQueue>();
        services.AddSingleton<EventStore>();
        services.AddSingleton<ReportedEvents>();
        services.AddSingleton<AddressBudget>();
        services.AddSingleton<ThresholdEvents>();
        services.AddSingleton<StoreWatch>();
        services.AddSingleton<IUsageObserver, DenialEvents>();
        services.AddSingleton<EventWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<EventWriter>());
        services.AddHostedService<RulesEvents>();
    }
}
