using OpenClaw.TestServers;

[assembly: AssemblyFixture(typeof(OpenClaw.Edge.Tests.Hosting.SharedRedis))]

namespace OpenClaw.Edge.Tests.Hosting;

/// <summary>One real Redis for all tests that only need one; each test works under names of its own.</summary>
public sealed class SharedRedis : IAsyncDisposable
{
    private readonly Lazy<Task<RedisServer>> _server = new(() => RedisServer.StartAsync());

    /// <summary>The server, started by who needs it first. Skips the test where there is none to start.</summary>
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
