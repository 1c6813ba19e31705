using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.RateLimiting;
using OpenClaw.RateLimiting.Limiter;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the limiter.</summary>
public static class RedisRateLimiterServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IRateLimiterClient"/> and its <see cref="IRateLimiterHealth"/> on the registered <see
    /// cref="IConnectionMultiplexer"/>. Does no I/O before the application starts. Invalid settings stop the application at start, with all
    /// errors at once.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <exception cref="OptionsValidationException">At start: a setting is out of range.</exception>
    public static IServiceCollection AddRedisRateLimiter(
        this IServiceCollection services, Action<RedisRateLimiterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<RedisRateLimiterOptions> options = services.AddOptionsWithValidateOnStart<RedisRateLimiterOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<RedisRateLimiterOptions>, RedisRateLimiterOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider =>
        {
            // Settings first: a host creates its services before it validates options, and invalid settings should be reported even while
            // Redis does not answer.
            RedisRateLimiterOptions settings = provider.GetRequiredService<IOptions<RedisRateLimiterOptions>>().Value;
            return new RateLimiterClient(
                provider.GetRequiredService<IConnectionMultiplexer>(),
                settings,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILoggerFactory>(),
                provider.GetRequiredService<IMeterFactory>());
        });
        services.TryAddSingleton<IRateLimiterClient>(provider => provider.GetRequiredService<RateLimiterClient>());
        services.TryAddSingleton<IRateLimiterAdmin>(provider => provider.GetRequiredService<RateLimiterClient>());
        services.TryAddSingleton(provider => provider.GetRequiredService<RateLimiterClient>().Health);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LimiterWarmUp>());
        return services;
    }
}
