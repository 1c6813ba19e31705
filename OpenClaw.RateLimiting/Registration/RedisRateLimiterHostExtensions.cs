using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenClaw.RateLimiting;
using OpenClaw.RateLimiting.Configuration;
using OpenClaw.RateLimiting.Registration;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers limiters on Redis in a host, with health check, tracing and metrics, as the client integrations of Aspire do.
/// Settings are in the section <c>RateLimiting</c>; those of keyed limiters in <c>RateLimiting:Keyed:&lt;key&gt;</c>.</summary>
public static class RedisRateLimiterHostExtensions
{
    /// <summary>Adds a limiter with its own connection to <c>ConnectionStrings:&lt;name&gt;</c>.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="connectionName">Name of the connection string, which is the name of the Redis resource in Aspire.</param>
    /// <param name="configureSettings">Changes connection and telemetry, after the section.</param>
    /// <param name="configureOptions">Changes the options of the limiter, after the section.</param>
    /// <param name="configureConnection">Changes the connection, such as its password. Timeouts and roles are set afterwards.</param>
    /// <exception cref="InvalidOperationException">There is a limiter already.</exception>
    public static IHostApplicationBuilder AddRedisRateLimiter(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<RedisRateLimiterSettings>? configureSettings = null,
        Action<RedisRateLimiterOptions>? configureOptions = null,
        Action<ConfigurationOptions>? configureConnection = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        return Add(
            builder, null, builder.Configuration.GetSection(LimiterSection.Host), connectionName, configureSettings, configureOptions,
            configureConnection);
    }

    /// <summary>Adds a limiter under a key, with its own connection to <c>ConnectionStrings:&lt;key&gt;</c> unless the settings name
    /// another.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="key">Key of its services, and default name of the connection string.</param>
    /// <param name="configureSettings">Changes connection and telemetry, after the section.</param>
    /// <param name="configureOptions">Changes the options of the limiter, after the section.</param>
    /// <param name="configureConnection">Changes the connection, such as its password. Timeouts and roles are set afterwards.</param>
    /// <exception cref="InvalidOperationException">There is a limiter under this key.</exception>
    public static IHostApplicationBuilder AddKeyedRedisRateLimiter(
        this IHostApplicationBuilder builder,
        string key,
        Action<RedisRateLimiterSettings>? configureSettings = null,
        Action<RedisRateLimiterOptions>? configureOptions = null,
        Action<ConfigurationOptions>? configureConnection = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(key);
        IConfigurationSection section = builder.Configuration.GetSection($"{LimiterSection.Host}:{LimiterSection.Keyed}:{key}");
        return Add(builder, key, section, key, configureSettings, configureOptions, configureConnection);
    }

    private static IHostApplicationBuilder Add(
        IHostApplicationBuilder builder,
        string? key,
        IConfigurationSection section,
        string connectionName,
        Action<RedisRateLimiterSettings>? configureSettings,
        Action<RedisRateLimiterOptions>? configureOptions,
        Action<ConfigurationOptions>? configureConnection)
    {
        RedisRateLimiterSettings settings = LimiterSection.Read(section, isHost: true).Settings;
        settings.ConnectionName = section[nameof(settings.ConnectionName)] ?? connectionName;
        configureSettings?.Invoke(settings);
        ConnectionSource connection = new(() => settings, section.Path, configureConnection);
        LimiterServices limiter = new(builder.Services, key);
        limiter.AddRedis(
            new LimiterSource
            {
                Create = limiter.Create,
                Connection = connection.Create,
                FindConnectionError = connection.FindError,
                Section = section,
                IsHostSection = true,
            },
            configureOptions);
        AddTelemetry(builder.Services, limiter, key, settings);
        return builder;
    }

    private static void AddTelemetry(IServiceCollection services, LimiterServices limiter, string? key, RedisRateLimiterSettings settings)
    {
        if (!settings.DisableHealthChecks)
        {
            services.AddHealthChecks().Add(new HealthCheckRegistration(
                key is null ? RateLimiterTelemetry.MeterName : $"{RateLimiterTelemetry.MeterName}_{key}",
                provider => new RateLimiterHealthCheck(limiter.Get<IRateLimiterHealth>(provider)),
                failureStatus: null,
                tags: null));
        }

        if (!settings.DisableTracing)
        {
            services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource(RateLimiterTelemetry.ActivitySourceName));
        }

        if (!settings.DisableMetrics)
        {
            services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(RateLimiterTelemetry.MeterName));
        }
    }
}
