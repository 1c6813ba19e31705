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
public static class TokenBucketLimiterServiceCollectionExtensions
{
    /// <summary>Adds <see cref="ITokenBucketLimiter"/> and its <see cref="IRateLimiterHealth"/> on the registered <see
    /// cref="IConnectionMultiplexer"/>. Does no I/O before the application starts. Invalid settings stop the application at start, with all
    /// errors at once.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <exception cref="OptionsValidationException">At start: a setting is out of range.</exception>
    public static IServiceCollection AddTokenBucketLimiter(
        this IServiceCollection services, Action<TokenBucketLimiterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<TokenBucketLimiterOptions> options = services.AddOptionsWithValidateOnStart<TokenBucketLimiterOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<TokenBucketLimiterOptions>, TokenBucketLimiterOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider =>
        {
            // Settings first: a host creates its services before it validates options, and invalid settings should be reported even while
            // Redis does not answer.
            TokenBucketLimiterOptions settings = provider.GetRequiredService<IOptions<TokenBucketLimiterOptions>>().Value;
            return new TokenBucketLimiter(
                provider.GetRequiredService<IConnectionMultiplexer>(),
                settings,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILoggerFactory>(),
                provider.GetRequiredService<IMeterFactory>());
        });
        services.TryAddSingleton<ITokenBucketLimiter>(provider => provider.GetRequiredService<TokenBucketLimiter>());
        services.TryAddSingleton(provider => provider.GetRequiredService<TokenBucketLimiter>().Health);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LimiterWarmUp>());
        return services;
    }
}
