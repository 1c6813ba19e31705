using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.RateLimiting;
using OpenClaw.RateLimiting.Limiter;
using StackExchange.Redis;

namespace OpenClaw.Benchmarks;

/// <summary>The production limiter, with a deadline above every measured time.</summary>
internal static class Limiters
{
    public static RateLimiterClient OnRedis(IConnectionMultiplexer redis, Action<RedisRateLimiterOptions>? configure = null)
    {
        RedisRateLimiterOptions options = new() { Deadline = TimeSpan.FromSeconds(10) };
        configure?.Invoke(options);
        return new RateLimiterClient(redis, options, TimeProvider.System, NullLoggerFactory.Instance, new NullMeters());
    }

    /// <summary>A connection without timeouts.</summary>
    public static Task<ConnectionMultiplexer> ConnectAsync(string connectionString)
        => ConnectionMultiplexer.ConnectAsync($"{connectionString},allowAdmin=true,syncTimeout=60000,asyncTimeout=60000");
}
