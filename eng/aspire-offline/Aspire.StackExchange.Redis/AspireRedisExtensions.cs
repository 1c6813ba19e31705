using Aspire.StackExchange.Redis;
using Aspire.StackExchange.Redis.Tracing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;
using StackExchange.Redis.Configuration;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers a Redis client with its configuration, health check and traces.</summary>
public static class AspireRedisExtensions
{
    private const string ConfigurationSection = "Aspire:StackExchange:Redis";

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
        Action<ConfigurationOptions>? configureOptions = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var services = builder.Services;
        var section = builder.Configuration.GetSection(ConfigurationSection);
        var namedSection = section.GetSection(connectionName);
        var settings = new StackExchangeRedisSettings();
        section.Bind(settings);
        namedSection.Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        services.AddSingleton<IConnectionMultiplexer>(provider =>
        {
            var options = Parse(settings.ConnectionString);
            section.GetSection("ConfigurationOptions").Bind(options);
            namedSection.GetSection("ConfigurationOptions").Bind(options);
            configureOptions?.Invoke(options);
            if (options.EndPoints.Count == 0)
            {
                throw new InvalidOperationException(
                    $"No endpoints specified. Ensure a valid connection string was provided in 'ConnectionStrings:{connectionName}' or for the '{ConfigurationSection}:ConnectionString' configuration key.");
            }

            options.LoggerFactory ??= provider.GetService<ILoggerFactory>();
            var connection = ConnectionMultiplexer.Connect(options);
            provider.GetService<RedisSpans>()?.Follow(connection);
            return connection;
        });
        services.ActivateSingleton<IConnectionMultiplexer>();
        if (!settings.DisableTracing)
        {
            // The tracer provider must not depend on the connection: it is built while Redis may still be down.
            services.AddSingleton<RedisSpans>();
            services.AddOpenTelemetry().WithTracing(tracing => tracing
                .AddSource(RedisSpans.SourceName)
                .AddInstrumentation(provider => provider.GetRequiredService<RedisSpans>()));
        }

        if (!settings.DisableHealthChecks)
        {
            // Resolved inside the check: connecting may throw, and that is the check's answer, not the host's end.
            services.AddHealthChecks().AddRedis(provider => provider.GetRequiredService<IConnectionMultiplexer>(), "StackExchange.Redis");
        }
    }

    private static ConfigurationOptions Parse(string? connectionString)
    {
        var options = connectionString is null ? new ConfigurationOptions() : ConfigurationOptions.Parse(connectionString);

        // A cloud's own defaults stay.
        if (options.Defaults.GetType() == typeof(DefaultOptionsProvider))
        {
            options.Defaults = new RetryingDefaults();
        }

        return options;
    }

    /// <summary>A Redis that is not up yet is waited for, instead of failing the service's start.</summary>
    private sealed class RetryingDefaults : DefaultOptionsProvider
    {
        public override bool AbortOnConnectFail => false;
    }
}
