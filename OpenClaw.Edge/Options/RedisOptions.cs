namespace OpenClaw.Edge.Options;

/// <summary>Users and passwords for Redis with any characters, including commas, which a connection string cannot hold. Each replaces its
/// counterpart there.</summary>
internal sealed class RedisOptions
{
    /// <summary>The ACL user. Empty (default): the one in the connection string, else Redis's default user.</summary>
    public string User { get; set; } = "";

    /// <summary>The user's password. Empty (default): the one in the connection string.</summary>
    public string Password { get; set; } = "";

    /// <summary>The ACL user of the Sentinels. Empty (default): the same as for Redis.</summary>
    public string SentinelUser { get; set; } = "";

    /// <summary>The password of the Sentinels. Empty (default): the same as for Redis.</summary>
    public string SentinelPassword { get; set; } = "";
}
