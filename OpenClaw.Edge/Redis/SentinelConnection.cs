using StackExchange.Redis;

namespace OpenClaw.Edge.Redis;

/// <summary>Settings of the connection to Redis, which name the Sentinels if there are any.</summary>
internal sealed class SentinelConnection
{
    /// <summary>The settings; null until the connection is made.</summary>
    public ConfigurationOptions? Options { get; set; }
}
