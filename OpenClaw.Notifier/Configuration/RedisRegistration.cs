using OpenClaw.Notifier.Options;
using StackExchange.Redis;

namespace OpenClaw.Notifier.Configuration;

/// <summary>Registers the connection to Redis.</summary>
internal static class RedisRegistration
{
    public static void AddNotifierRedis(this IHostApplicationBuilder builder) => builder.AddRedisClient(
        "redis",
        settings => settings.DisableHealthChecks = true,
        options =>
        {
            // The process starts even if Redis is unavailable, and no command waits for a connection: the loops retry.
            options.AbortOnConnectFail = false;
            options.BacklogPolicy = BacklogPolicy.FailFast;
            options.AsyncTimeout = 3000;
            options.ConnectTimeout = 2000;
            options.HeartbeatInterval = TimeSpan.FromMilliseconds(500);
            options.ReconnectRetryPolicy = new LinearRetry(250);
            options.ConfigCheckSeconds = 1;
            options.KeepAlive = 5;

            // No tie-breaker key: Sentinel or Cluster chooses the master, and reading the key needs another ACL permission.
            options.TieBreaker = "";
            Authenticate(options, builder.Configuration.GetSection($"{NotifierOptions.Section}:{nameof(NotifierOptions.Redis)}"));
        });

    private static void Authenticate(ConfigurationOptions options, IConfigurationSection settings)
    {
        options.User = Of(nameof(RedisOptions.User)) ?? options.User;
        options.Password = Of(nameof(RedisOptions.Password)) ?? options.Password;
        options.SentinelUser = Of(nameof(RedisOptions.SentinelUser)) ?? options.SentinelUser;
        options.SentinelPassword = Of(nameof(RedisOptions.SentinelPassword)) ?? options.SentinelPassword;

        string? Of(string name) => settings[name] is { Length: > 0 } value ? value : null;
    }
}
