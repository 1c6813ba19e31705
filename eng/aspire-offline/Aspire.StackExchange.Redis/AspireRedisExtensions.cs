using Aspire.StackExchange.Redis;
using Aspire.StackExchange.Redis.Tracing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;
using StackExchange.Redis;

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
        Action<ConfigurationOptions>? configureOptions = null) =>
        builder.AddRedisClientBuilder(connectionName, configureSettings, configureOptions);

    /// <summary>As <see cref="AddRedisClient"/>, and returns a builder for further registrations on the same connection.</summary>
    /// <inheritdoc cref="AddRedisClient"/>
    public static AspireRedisClientBuilder AddRedisClientBuilder(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) =>
        Add(builder, connectionName, serviceKey: null, configureSettings, configureOptions);

    /// <summary>As <see cref="AddRedisClient"/>, with the service keyed by <paramref name="name"/>, so that there can be several.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="name">The key of the service and the name of the connection string.</param>
    /// <param name="configureSettings">Changes the settings after they were read.</param>
    /// <param name="configureOptions">Changes the client's options after they were read.</param>
    public static void AddKeyedRedisClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) =>
        builder.AddKeyedRedisClientBuilder(name, configureSettings, configureOptions);

    /// <summary>As <see cref="AddKeyedRedisClient"/>, and returns a builder for further registrations on the same connection.</summary>
    /// <inheritdoc cref="AddKeyedRedisClient"/>
    public static AspireRedisClientBuilder AddKeyedRedisClientBuilder(
        this IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) =>
        Add(builder, name, serviceKey: name, configureSettings, configureOptions);

    private static AspireRedisClientBuilder Add(
        IHostApplicationBuilder builder,
        string connectionName,
        string? serviceKey,
        Action<StackExchangeRedisSettings>? configureSettings,
        Action<ConfigurationOptions>? configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var section = builder.Configuration.GetSection(RedisClientRegistration.ConfigurationSection);
        var namedSection = section.GetSection(connectionName);
        var settings = new StackExchangeRedisSettings();
        section.Bind(settings);
        namedSection.Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        var client = new RedisClientRegistration(connectionName, serviceKey ?? Options.Options.DefaultName, settings);
        builder.Services.AddKeyedSingleton(client.OptionsName, client);
        builder.Services.TryAddTransient<IOptionsFactory<ConfigurationOptions>, RedisConfigurationOptionsFactory>();
        builder.Services.Configure<ConfigurationOptions>(client.OptionsName, options =>
        {
            section.GetSection("ConfigurationOptions").Bind(options);
            namedSection.GetSection("ConfigurationOptions").Bind(options);
            configureOptions?.Invoke(options);
        });

        AddConnection(builder.Services, client, serviceKey);
        AddTraces(builder.Services, settings);
        AddHealthCheck(builder, client, serviceKey);
        return new AspireRedisClientBuilder(builder, settings, serviceKey);
    }

    private static void AddConnection(IServiceCollection services, RedisClientRegistration client, string? serviceKey)
    {
        if (serviceKey is null)
        {
            services.AddSingleton<IConnectionMultiplexer>(client.Connect);
        }
        else
        {
            services.AddKeyedSingleton<IConnectionMultiplexer>(serviceKey, (provider, _) => client.Connect(provider));
        }

        if (client.Settings.DisableAutoActivation)
        {
            return;
        }

        if (serviceKey is null)
        {
            services.ActivateSingleton<IConnectionMultiplexer>();
        }
        else
        {
            services.ActivateKeyedSingleton<IConnectionMultiplexer>(serviceKey);
        }
    }

    private static void AddTraces(IServiceCollection services, StackExchangeRedisSettings settings)
    {
        if (settings.DisableTracing)
        {
            return;
        }

        services.TryAddSingleton<RedisSpans>();

        // The tracer provider must not depend on the connection: it is built while Redis may still be down.
        services.AddOpenTelemetry().WithTracing(tracing => tracing
            .AddSource(RedisSpans.SourceName)
            .AddInstrumentation(provider => provider.GetRequiredService<RedisSpans>()));
    }

    private static void AddHealthCheck(IHostApplicationBuilder builder, RedisClientRegistration client, string? serviceKey)
    {
        var name = serviceKey is null ? "StackExchange.Redis" : $"StackExchange.Redis_{client.ConnectionName}";
        if (client.Settings.DisableHealthChecks || !builder.Properties.TryAdd($"HealthChecks.{name}", true))
        {
            return;
        }

        // Resolved inside the check: connecting may throw, and that is the check's answer, not the host's end.
        builder.Services.AddHealthChecks().AddRedis(
            provider => serviceKey is null
                ? provider.GetRequiredService<IConnectionMultiplexer>()
                : provider.GetRequiredKeyedService<IConnectionMultiplexer>(serviceKey),
            name);
    }
}
