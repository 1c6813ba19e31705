using Microsoft.Extensions.Hosting;

namespace Aspire.StackExchange.Redis;

/// <summary>What a Redis client was registered with, for further registrations on the same connection.</summary>
/// <param name="hostBuilder">The builder it was registered on.</param>
/// <param name="settings">The settings it was registered with.</param>
/// <param name="serviceKey">The key of the <c>IConnectionMultiplexer</c> service, or null when it has none.</param>
public sealed class AspireRedisClientBuilder(IHostApplicationBuilder hostBuilder, StackExchangeRedisSettings settings, string? serviceKey)
{
    /// <summary>The builder the client was registered on.</summary>
    public IHostApplicationBuilder HostBuilder { get; } = hostBuilder;

    /// <summary>The settings the client was registered with.</summary>
    public StackExchangeRedisSettings Settings { get; } = settings;

    /// <summary>The key of the <c>IConnectionMultiplexer</c> service, or null when it has none.</summary>
    public string? ServiceKey { get; } = serviceKey;
}
