using Aspire.StackExchange.Redis;
using Aspire.StackExchange.Redis.Tracing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers Redis clients with their configuration, health checks and traces.</summary>
public static class AspireRedisExtensions
{
    /// <summary>
    /// Registers <see cref="IConnectionMultiplexer"/> as a singleton that connects when the host starts.
    /// Settings come from <c>Aspire:StackExchange:Redis</c>, then <c>Aspire:StackExchange:Redis:{connectionName}</c>, then <c>ConnectionStrings:{connectionName}</c>.
    /// </summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="connectionName">The name of the connection string.</param>
    /// <param name="configureSettings">Changes the settings after they were read.</param>
    /// <param name="configureOptions">Changes the client's options after they were read.</param>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) => Add(builder, connectionName, serviceKey: null, configureSettings, configureOptions);

    /// <summary>As <see cref="AddRedisClient"/>, with the service keyed by <paramref name="name"/>, so that there can be several.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="name">The key of the service and the name of the connection string.</param>
    /// <param name="configureSettings">Changes the settings after they were read.</param>
    /// <param name="configureOptions">Changes the client's options after they were read.</param>
    public static void AddKeyedRedisClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) => Add(builder, name, serviceKey: name, configureSettings, configureOptions);

    // A service whose key is null is the one without a key.
    private static void Add(
        IHostApplicationBuilder builder, string connectionName, string? serviceKey,
        Action<StackExchangeRedisSettings>? configureSettings, Action<ConfigurationOptions>? configureOptions)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var services = builder.Services;
        var section = builder.Configuration.GetSection(RedisClientRegistration.ConfigurationSection);
        var namedSection = section.GetSection(connectionName);
        var settings = new StackExchangeRedisSettings();
        section.Bind(settings);
        namedSection.Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        var client = new RedisClientRegistration(connectionName, serviceKey ?? Options.Options.DefaultName, settings);
        services.AddKeyedSingleton(client.OptionsName, client);
        services.TryAddTransient<IOptionsFactory<ConfigurationOptions>, RedisConfigurationOptionsFactory>();
        services.Configure<ConfigurationOptions>(client.OptionsName, options =>
        {
            section.GetSection("ConfigurationOptions").Bind(options);
            namedSection.GetSection("ConfigurationOptions").Bind(options);
            configureOptions?.Invoke(options);
        });
        services.AddKeyedSingleton<IConnectionMultiplexer>(serviceKey, (provider, _) => client.Connect(provider));
        if (!settings.DisableAutoActivation)
        {
            services.ActivateKeyedSingleton<IConnectionMultiplexer>(serviceKey);
        }

        if (!settings.DisableTracing)
        {
            // The tracer provider must not depend on the connection: it is built while Redis may still be down.
            services.TryAddSingleton<RedisSpans>();
            services.AddOpenTelemetry().WithTracing(tracing => tracing
                .AddSource(RedisSpans.SourceName)
                .AddInstrumentation(provider => provider.GetRequiredService<RedisSpans>()));
        }

        var healthCheck = serviceKey is null ? "StackExchange.Redis" : $"StackExchange.Redis_{connectionName}";
        if (!settings.DisableHealthChecks && builder.Properties.TryAdd($"HealthChecks.{healthCheck}", true))
        {
            // Resolved inside the check: connecting may throw, and that is the check's answer, not the host's end.
            services.AddHealthChecks().AddRedis(provider => provider.GetRequiredKeyedService<IConnectionMultiplexer>(serviceKey), healthCheck);
        }
    }
}
