using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Registration;

/// <summary>A connection that lives as long as its limiter. The container disposes it after the limiter.</summary>
internal sealed class OwnedConnection(IConnectionMultiplexer redis) : IAsyncDisposable, IDisposable
{
    public IConnectionMultiplexer Redis => redis;

    public ValueTask DisposeAsync() => redis.DisposeAsync();

    public void Dispose() => redis.Dispose();
}
