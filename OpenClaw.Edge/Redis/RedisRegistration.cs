using OpenClaw.Edge.Options;
using OpenClaw.RateLimiting.Redis;
using StackExchange.Redis;

namespace OpenClaw.Edge.Redis;

/// <summary>The connection to Redis, as the limiter needs it and as the settings say.</summary>
internal static class RedisRegistration
{
    public static void AddEdgeRedis(this WebApplicationBuilder builder) => builder.AddRedisClient(
        "redis",
        settings => settings.DisableHealthChecks = true,
        options =>
        {
            RedisConnection.Configure(options);
            Authenticate(options, builder.Configuration.GetSection($"{EdgeOptions.Section}:{nameof(EdgeOptions.Redis)}"));
        });

    // Not from the options: this is also read while they are being checked.
    private static void Authenticate(ConfigurationOptions options, IConfigurationSection settings)
    {
        options.User = Of(nameof(RedisOptions.User)) ?? options.User;
        options.Password = Of(nameof(RedisOptions.Password)) ?? options.Password;
        options.SentinelUser = Of(nameof(RedisOptions.SentinelUser)) ?? options.SentinelUser;
        options.SentinelPassword = Of(nameof(RedisOptions.SentinelPassword)) ?? options.SentinelPassword;

        string? Of(string name) => settings[name] is { Length: > 0 } value ? value : null;
    }
}
