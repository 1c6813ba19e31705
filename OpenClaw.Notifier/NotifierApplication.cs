using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenClaw.Notifier.Configuration;
using OpenClaw.Notifier.Dispatching;
using OpenClaw.Notifier.Email;
using OpenClaw.Notifier.Options;
using OpenClaw.Notifier.Queue;
using OpenClaw.Notifier.Receivers;
using OpenClaw.Notifier.Telemetry;
using OpenClaw.Notifier.Webhooks;

namespace OpenClaw.Notifier;

/// <summary>The notifier: reads events from Redis and notifies clients and operators.</summary>
internal static class NotifierApplication
{
    /// <summary>Builds the service; it does nothing before it is started.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configure">Further registrations, made last.</param>
    public static IHost Create(string[] args, Action<HostApplicationBuilder>? configure = null)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
        builder.AddServiceDefaults();
        builder.AddNotifierRedis();
        IServiceCollection services = builder.Services;
        services.AddSingleton<IOptionsFactory<NotifierOptions>, NotifierOptionsFactory>();
        services.AddSingleton<IValidateOptions<NotifierOptions>, NotifierOptionsValidator>();
        services.AddOptions<NotifierOptions>().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<NotifierMetrics>();
        services.AddSingleton<QueueKeys>();
        services.AddSingleton<EventStreams>();
        services.AddSingleton<DeliveryQueue>();
        services.AddSingleton<ReceiverFinder>();
        services.AddSingleton<RedisState>();
        services.AddSingleton<DeliveryAttempts>();
        services.AddSingleton(provider => new Backoff(provider.GetRequiredService<IOptions<NotifierOptions>>().Value.Retry, Random.Shared));
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<WebhookClient>();
        services.AddSingleton<ISender, WebhookSender>();
        services.AddEmail();
        services.AddSingleton<Dispatchers>();
        services.AddHostedService(provider => provider.GetRequiredService<Dispatchers>());
        services.AddHostedService<EventReader>();
        services.AddHostedService<QueueObserver>();
        services.AddHealthChecks().AddCheck<RedisHealthCheck>("redis");
        configure?.Invoke(builder);

        return builder.Build();
    }
}
