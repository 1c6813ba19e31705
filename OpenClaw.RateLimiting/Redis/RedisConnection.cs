using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Connection settings required for the guarantees about a slow or unavailable Redis.</summary>
public static class RedisConnection
{
    /// <summary>Sets timeouts, reconnection and role checks, removes a channel prefix, and leaves addresses, credentials, TLS and the
    /// Sentinel service name unchanged. Connections that the limiter makes are configured already. Pass this method to code that creates
    /// a connection for the limiter and others:
    /// <c>builder.AddRedisClient("redis", configureOptions: RedisConnection.Configure)</c>.</summary>
    /// <param name="options">Options of a multiplexer for the limiter.</param>
    public static void Configure(ConfigurationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        // The process starts even if Redis is unavailable, and decides by failure modes.
        options.AbortOnConnectFail = false;

        // No call waits for a connection: by then its decision is made without Redis, and sending it would charge twice.
        options.BacklogPolicy = BacklogPolicy.FailFast;

        // Decisions have their own, much shorter deadline. This timeout bounds how long the client keeps an abandoned call. After four of
        // them without a byte received the client closes the connection; TCP alone would take minutes to notice.
        options.AsyncTimeout = 500;
        options.SyncTimeout = 1000;
        options.ConnectTimeout = 1000;

        // The heartbeat also drives reconnection: a server that is back is found within a quarter of a second.
        options.HeartbeatInterval = TimeSpan.FromMilliseconds(250);
        options.ReconnectRetryPolicy = new LinearRetry(200);
        options.ConnectRetry = 1;

        // Roles change without an announcement (REPLICAOF, a failover behind one address): follow within a second.
        options.ConfigCheckSeconds = 1;
        options.KeepAlive = 5;

        // The decision script publishes without the client, which would prefix only the subscription: no message would arrive.
        options.ChannelPrefix = default;
    }

    /// <summary>Validates a connection string more strictly than StackExchange.Redis, which reads the rest of a password after a comma as a
    /// server's name.</summary>
    /// <param name="connectionString">The connection string; null when there is none, which is an error.</param>
    /// <param name="secretsPlace">Place for secrets that a connection string cannot contain, as part of a sentence.</param>
    /// <returns>The error as the rest of a sentence that begins with the setting's name. It quotes no part of the string. Null when the
    /// string is valid.</returns>
    public static string? FindError(string? connectionString, string secretsPlace)
        => RedisConnectionString.FindError(connectionString, secretsPlace);

    /// <summary>Warns of a connection without the timeouts of <see cref="Configure"/>.</summary>
    internal static void Check(IConnectionMultiplexer redis, ILogger logger)
    {
        try
        {
            ConfigurationOptions options = ConfigurationOptions.Parse(redis.Configuration);
            if (options.AsyncTimeout > 500 || options.AbortOnConnectFail)
            {
                Log.ConnectionNotConfigured(logger);
            }
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            // Other implementations of IConnectionMultiplexer do not expose their configuration.
        }
    }
}
