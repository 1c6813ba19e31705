namespace OpenClaw.Notifier.Options;

/// <summary>Secrets of the Redis connection that a connection string cannot contain. Each takes precedence over the one there.</summary>
internal sealed class RedisOptions
{
    /// <summary>The user of Redis. Default null: that of the connection string.</summary>
    public string? User { get; set; }

    /// <summary>Its password. Default null: that of the connection string.</summary>
    public string? Password { get; set; }

    /// <summary>The user of the Sentinels. Default null: that of the connection string.</summary>
    public string? SentinelUser { get; set; }

    /// <summary>Its password. Default null: that of the connection string.</summary>
    public string? SentinelPassword { get; set; }
}
