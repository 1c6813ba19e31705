namespace Aspire.StackExchange.Redis;

/// <summary>How a Redis client is registered. Read from <c>Aspire:StackExchange:Redis</c>, then from <c>Aspire:StackExchange:Redis:{name}</c>.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>The StackExchange.Redis configuration string; <c>ConnectionStrings:{name}</c> wins over it. Default: none.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Leaves out the health check that pings Redis. Default: <see langword="false"/>.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Leaves out the client spans. Default: <see langword="false"/>.</summary>
    public bool DisableTracing { get; set; }
}
