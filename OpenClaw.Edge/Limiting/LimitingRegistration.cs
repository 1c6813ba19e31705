using Microsoft.Extensions.Options;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Redis;
using OpenClaw.Edge.Responses;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Telemetry;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Limiting;

/// <summary>Everything between routing and YARP.</summary>
internal static class LimitingRegistration
{
    public static void AddEdgeLimiting(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddSingleton<IValidateOptions<EdgeOptions>, EdgeOptionsValidator>();
        services.AddSingleton<IValidateOptions<EdgeOptions>, RulesOptionsValidator>();
        services.AddSingleton<IValidateOptions<EdgeOptions>, RedisConnectionValidator>();
        services.AddSingleton<IOptionsFactory<EdgeOptions>, EdgeOptionsFactory>();
        services.AddOptions<EdgeOptions>().ValidateOnStart();

        services.AddTokenBucketLimiter();
        services.AddOptions<TokenBucketLimiterOptions>().Configure<IOptions<EdgeOptions>, IConfiguration>((limiter, edge, configuration) =>
        {
            // Strictly read once as part of the whole, so that what does not fit has been reported.
            _ = edge.Value;
            configuration.GetSection($"{EdgeOptions.Section}:{nameof(EdgeOptions.Limiter)}").Bind(limiter);
        });
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<EdgeMetrics>();
        services.AddSingleton<LimitSpan>();
        services.AddSingleton<EdgeRulesStore>();
        services.AddSingleton<RedisRulesStore>();
        services.AddSingleton<RedisRulesWatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<RedisRulesWatcher>());
        services.AddSingleton(provider => new KeyHasher(provider.GetRequiredService<IOptions<EdgeOptions>>().Value.ApiKeys.Pepper));
        services.AddSingleton<RequestIdentifier>();
        services.AddSingleton<RateLimitHeaders>();
    }
}
