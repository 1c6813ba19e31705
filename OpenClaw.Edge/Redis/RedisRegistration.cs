using OpenClaw.Edge.Options;
using OpenClaw.RateLimiting.Redis;
using StackExchange.Redis;

namespace OpenClaw.Edge.Redis;

/// <summary>Registers the connection to Redis, configured for the limiter and by the settings.</summary>
internal static class RedisRegistration
{
    public static void AddEdgeRedis(this WebApplicationBuilder builder)
    {
        SentinelConnection sentinels = new();
        builder.Services.AddSingleton(sentinels);
        builder.Services.AddHostedService<SentinelCheck>();
        builder.AddRedisClient(
            "redis",
            settings => settings.DisableHealthChecks = true,
            options =>
            {
                RedisConnection.Configure(options);
                Authenticate(options, builder.Configuration.GetSection($"{EdgeOptions.Section}:{nameof(EdgeOptions.Redis)}"));
                sentinels.Options = options.Clone();
            });
    }

    // Read from configuration, because this also runs while the options are validated.
    private static void Authenticate(ConfigurationOptions options, IConfigurationSection settings)
    {
        options.User = Of(nameof(RedisOptions.User)) ?? options.User;
        options.Password = Of(nameof(RedisOptions.Password)) ?? options.Password;
        options.SentinelUser = Of(nameof(RedisOptions.SentinelUser)) ?? options.SentinelUser;
        options.SentinelPassword = Of(nameof(RedisOptions.SentinelPassword)) ?? options.SentinelPassword;

        string? Of(string name) => settings[name] is { Length: > 0 } value ? value : null;
    }
}
