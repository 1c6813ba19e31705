using OpenClaw.TestServers;

[assembly: AssemblyFixture(typeof(OpenClaw.Edge.Tests.Hosting.SharedRedis))]

namespace OpenClaw.Edge.Tests.Hosting;

/// <summary>One real Redis shared by tests; each test uses its own key names.</summary>
public sealed class SharedRedis : IAsyncDisposable
{
    private readonly Lazy<Task<RedisServer>> _server = new(() => RedisServer.StartAsync());

    /// <summary>The server, started on first use. Skips the test when no Redis is installed.</summary>
    public Task<RedisServer> GetAsync()
    {
        Requires.RedisServer();
        return _server.Value;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
