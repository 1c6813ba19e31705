using System.Globalization;
using StackExchange.Redis;

namespace OpenClaw.Edge.Tests.Hosting;

/// <summary>Redis, an upstream and edges in front of it, with key names that no other test uses.</summary>
internal sealed class Stack : IAsyncDisposable
{
    private static int _scopes;

    private readonly List<TestEdge> _edges = [];

    private Stack(string redis, TestUpstream upstream)
    {
        Redis = redis;
        Upstream = upstream;
    }

    public string Redis { get; }

    /// <summary>Prefix of all key names in Redis.</summary>
    public string Scope { get; } = string.Create(
        CultureInfo.InvariantCulture, $"t{Environment.ProcessId}-{Interlocked.Increment(ref _scopes)}");

    public TestUpstream Upstream { get; }

    public TestEdge Edge => _edges[0];

    public TestEdge Last => _edges[^1];

    /// <summary>Starts an upstream and one edge.</summary>
    public static async Task<Stack> StartAsync(SharedRedis redis, params (string Key, string? Value)[] settings) =>
        await StartAsync((await redis.GetAsync()).ConnectionString, settings);

    public static async Task<Stack> StartAsync(string redis, params (string Key, string? Value)[] settings)
    {
        Stack stack = new(redis, await TestUpstream.StartAsync());
        await stack.AddEdgeAsync(settings);
        return stack;
    }

    /// <summary>Starts another edge.</summary>
    public async Task<TestEdge> AddEdgeAsync(params (string Key, string? Value)[] settings)
    {
        TestEdge edge = await TestEdge.StartAsync(Redis, Upstream.Address, Scope, settings);
        _edges.Add(edge);
        return edge;
    }

    /// <summary>Writes the document with the rules.</summary>
    public Task WriteRulesAsync(ConnectionMultiplexer connection, string version, string document) =>
        connection.GetDatabase().HashSetAsync(Scope + ":rules", [new("version", version), new("document", document)]);

    public async ValueTask DisposeAsync()
    {
        foreach (TestEdge edge in _edges)
        {
            await edge.DisposeAsync();
        }

        await Upstream.DisposeAsync();
    }
}
