using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>The connection settings on which the limiter's promises about a slow or absent Redis rest.</summary>
public static class RedisConnection
{
    /// <summary>Sets what the limiter needs and leaves addresses, credentials, TLS and Sentinel's service name as they are. Give it to whatever
    /// makes the multiplexer: <c>builder.AddRedisClient("redis", configureOptions: RedisConnection.Configure)</c>.</summary>
    /// <param name="options">The options of a multiplexer that serves the limiter.</param>
    public static void Configure(ConfigurationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        // A process starts, and answers by its failure modes, while Redis does not.
        options.AbortOnConnectFail = false;

        // Nothing waits for a connection to come back: what was not sent is decided without Redis, so sending it later would charge it twice.
        options.BacklogPolicy = BacklogPolicy.FailFast;

        // Decisions have a deadline of their own, far below this. It bounds how long the client keeps a call that nobody waits for any more, and
        // after four of them without a byte the connection counts as dead, which no TCP stack notices for minutes.
        options.AsyncTimeout = 500;
        options.SyncTimeout = 1000;
        options.ConnectTimeout = 1000;

        // The heartbeat is also the clock of reconnecting: a server that is back is found within a quarter of a second.
        options.HeartbeatInterval = TimeSpan.FromMilliseconds(250);
        options.ReconnectRetryPolicy = new LinearRetry(200);
        options.ConnectRetry = 1;

        // Roles change without an announcement (REPLICAOF, a failover behind one address): ask often enough to follow within a second.
        options.ConfigCheckSeconds = 1;
        options.KeepAlive = 5;
    }
}
