using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Tests.Redis;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedRedis))]

namespace OpenClaw.RateLimiting.Tests.Redis;

/// <summary>One Redis for all tests that leave it as it is; each uses a key prefix of its own.</summary>
public sealed class SharedRedis : IAsyncLifetime
{
    private readonly SemaphoreSlim _starting = new(1);
    private RedisServer? _server;
    private ConnectionMultiplexer? _connection;
    private int _prefixes;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A prefix that no other test has.</summary>
    public string NewPrefix() => $"t{Interlocked.Increment(ref _prefixes)}:";

    /// <summary>The server, started when it is first needed. Skips the test where there is none.</summary>
    public async Task<RedisServer> ServerAsync()
    {
        Requires.RedisServer();
        await _starting.WaitAsync();
        try
        {
            return _server ??= await RedisServer.StartAsync();
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>A connection that tests share.</summary>
    public async Task<ConnectionMultiplexer> ConnectionAsync()
    {
        RedisServer server = await ServerAsync();
        await _starting.WaitAsync();
        try
        {
            return _connection ??= await ConnectionMultiplexer.ConnectAsync(
                $"{server.ConnectionString},allowAdmin=true,syncTimeout=20000,asyncTimeout=20000");
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>A replica: the production limiter, with a deadline that a busy machine keeps.</summary>
    public async Task<RateLimiterClient> ReplicaAsync(
        string prefix, Action<RedisRateLimiterOptions>? configure = null, TimeProvider? timeProvider = null)
    {
        RedisRateLimiterOptions options =
            new() { KeyPrefix = prefix, Deadline = TimeSpan.FromSeconds(10), ReplicaName = Guid.NewGuid().ToString("N") };
        configure?.Invoke(options);
        return new RateLimiterClient(
            await ConnectionAsync(), options, timeProvider ?? TimeProvider.System, NullLoggerFactory.Instance, new TestMeterFactory());
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
