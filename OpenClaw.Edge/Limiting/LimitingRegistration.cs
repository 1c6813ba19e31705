using Microsoft.Extensions.Options;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Redis;
using OpenClaw.Edge.Responses;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Telemetry;
using OpenClaw.RateLimiting;
using OpenClaw.RateLimiting.AspNetCore.Headers;
using StackExchange.Redis;

namespace OpenClaw.Edge.Limiting;

/// <summary>Registers options, rules, identity and the limiter.</summary>
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

        services.AddRedisRateLimiter(provider => provider.GetRequiredService<IConnectionMultiplexer>());
        services.AddOptions<RedisRateLimiterOptions>().Configure<IOptions<EdgeOptions>, IConfiguration>((limiter, edge, configuration) =>
        {
            // Validates all settings first, so that errors are reported in one place.
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
        services.AddSingleton<TrustedProxies>();
        services.AddSingleton<RequestIdentifier>();
        services.AddSingleton<DecisionRecorder>();
        services.AddSingleton(provider =>
        {
            AnswerOptions answers = provider.GetRequiredService<IOptions<EdgeOptions>>().Value.Answers;
            return new RateLimitHeaders(answers.RateLimitHeaders, answers.RetryAfterJitter);
        });
    }
}
