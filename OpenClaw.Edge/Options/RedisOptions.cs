namespace OpenClaw.Edge.Options;

/// <summary>What does not belong into the connection string of Redis: secrets with any characters, commas included. Each replaces what the connection string says.</summary>
internal sealed class RedisOptions
{
    /// <summary>The ACL user. Empty (default): the one in the connection string, else Redis's default user.</summary>
    public string User { get; set; } = "";

    /// <summary>The user's password. Empty (default): the one in the connection string.</summary>
    public string Password { get; set; } = "";

    /// <summary>The user that the Sentinels know. Empty (default): as for Redis.</summary>
    public string SentinelUser { get; set; } = "";

    /// <summary>The password of the Sentinels. Empty (default): as for Redis.</summary>
    public string SentinelPassword { get; set; } = "";
}
