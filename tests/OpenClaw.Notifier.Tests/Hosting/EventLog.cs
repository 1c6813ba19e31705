using System.Text.Json;
using OpenClaw.TestServers;
using StackExchange.Redis;

namespace OpenClaw.Notifier.Tests.Hosting;

/// <summary>The streams of a Redis: writes events as an edge does, and reads the entries that a notifier writes.</summary>
internal sealed class EventLog : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _redis;

    private EventLog(ConnectionMultiplexer redis) => _redis = redis;

    public IDatabase Database => _redis.GetDatabase();

    public static async Task<EventLog> ConnectAsync(RedisServer redis) =>
        new(await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},abortConnect=false,allowAdmin=true"));

    /// <summary>An event about a client that passed a threshold.</summary>
    public static Dictionary<string, object?> Threshold(string id, string? webhook = null, params string[] emails) => new()
    {
        ["id"] = id,
        ["type"] = "client.threshold",
        ["time"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ"),
        ["client"] = "acme",
        ["policy"] = "rating",
        ["bucket"] = "burst",
        ["threshold"] = 80,
        ["capacity"] = 20,
        ["remaining"] = 4,
        ["refillPerSecond"] = 5,
        ["windowSeconds"] = 3600,
        ["replica"] = "edge-1",
        ["contacts"] = new Dictionary<string, object?> { ["emails"] = emails, ["webhook"] = webhook },
    };

    /// <summary>Appends an event.</summary>
    /// <returns>Id of the entry.</returns>
    public async Task<string> AppendAsync(Dictionary<string, object?> happened) =>
        (await Database.StreamAddAsync(
            "openclaw:{events}", [new("id", (string)happened["id"]!), new("event", JsonSerializer.Serialize(happened))]))!;

    /// <summary>Entries of a stream, oldest first, as dictionaries.</summary>
    public async Task<Dictionary<string, string>[]> ReadAsync(string stream) =>
    [
        .. (await Database.StreamRangeAsync($"openclaw:{{events}}:{stream}"))
            .Select(entry => entry.Values.ToDictionary(value => (string)value.Name!, value => (string)value.Value!)),
    ];

    /// <summary>Waits for a number of entries in a stream.</summary>
    public async Task<Dictionary<string, string>[]> WaitForAsync(string stream, int count, int seconds = 15)
    {
        Dictionary<string, string>[] entries = [];
        await Poll.UntilAsync(
            $"{stream} has {count} entries",
            async () => (entries = await ReadAsync(stream)).Length >= count,
            TimeSpan.FromSeconds(seconds));
        return entries;
    }

    /// <summary>Keys of unfinished deliveries.</summary>
    public async Task<string[]> LeftoversAsync() =>
    [
        .. ((RedisResult[])(await Database.ExecuteAsync("KEYS", "openclaw:*"))!).Select(key => (string)key!)
            .Where(key => key.Contains(":email:", StringComparison.Ordinal) || key.Contains(":webhook:", StringComparison.Ordinal)),
    ];

    public ValueTask DisposeAsync() => _redis.DisposeAsync();
}
