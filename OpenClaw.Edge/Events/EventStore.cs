using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Edge.Redis;
using StackExchange.Redis;

namespace OpenClaw.Edge.Events;

/// <summary>Appends events to the stream in Redis.</summary>
internal sealed class EventStore(IConnectionMultiplexer redis, ControlPlaneKeys keys)
{
    /// <summary>Approximate maximum length of the stream.</summary>
    public const int MaxEvents = 10_000;

    private const CommandFlags Master = CommandFlags.DemandMaster;

    // KEYS[1]: stream. KEYS[2]: exists while the event is not repeated. KEYS[3]: counter of denials, for events that count. ARGV[1]: window
    // in milliseconds. ARGV[2]: id. ARGV[3]: 1 to add the window's number to it. ARGV[4]: the event after its id. ARGV[5]: length of the
    // stream. ARGV[6]: denials to add. ARGV[7]: denials needed. Ids are safe in JSON. Returns the id in the stream, or for how many
    // milliseconds the event is not repeated, or 0 when denials are missing.
    private const string Append =
        """
        local left = redis.call('PTTL', KEYS[2])
        if left > 0 then return left end
        local counted = ''
        if KEYS[3] then
          local total = redis.call('INCRBY', KEYS[3], ARGV[6])
          if total == tonumber(ARGV[6]) then redis.call('PEXPIRE', KEYS[3], ARGV[1]) end
          if total < tonumber(ARGV[7]) then return 0 end
          counted = '"denials":' .. string.format('%.0f', total) .. ','
        end
        local id = ARGV[2]
        if ARGV[3] == '1' then
          local time = redis.call('TIME')
          id = id .. '/' .. string.format('%.0f', math.floor((time[1] * 1000 + math.floor(time[2] / 1000)) / ARGV[1]))
        end
        local event = '{"id":"' .. id .. '",' .. counted .. ARGV[4]
        local entry = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[5], '*', 'id', id, 'event', event)
        redis.call('SET', KEYS[2], '', 'PX', ARGV[1])
        return entry
        """;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new EventTimeConverter() },
    };

    private readonly IDatabase _database = redis.GetDatabase();

    /// <summary>Appends an event, unless it was already appended in this window. Sending it again after a lost reply is harmless, except
    /// that counted denials count twice.</summary>
    /// <returns>Null when it was appended; otherwise the time for which it is not repeated, zero when denials are missing.</returns>
    public async Task<TimeSpan?> AppendAsync(PendingEvent pending)
    {
        bool counts = pending.DenialsNeeded > 0;
        RedisKey[] names = counts
            ? [keys.Events, keys.OnceOf(pending.Id), keys.DenialsOf(pending.Id)]
            : [keys.Events, keys.OnceOf(pending.Id)];
        string json = JsonSerializer.Serialize(pending.Event, Json);
        RedisValue[] values =
        [
            (long)pending.Window.TotalMilliseconds, pending.Id, pending.Recurs ? 1 : 0, json[1..], MaxEvents, pending.Denials,
            pending.DenialsNeeded,
        ];
        RedisResult result = await _database.ScriptEvaluateAsync(Append, names, values, Master);
        return result.Resp2Type == ResultType.Integer ? TimeSpan.FromMilliseconds((long)result) : null;
    }

    /// <summary>Logs why events cannot be appended.</summary>
    public ControlPlaneHealth CreateHealth(ILogger logger) => new(
        _database, "Events", keys.Events.Append(":rights"),
        ["TIME", "PTTL", "SET", "INCRBY", "PEXPIRE", "XADD", "XRANGE", "XREVRANGE", "XDEL"], logger);
}
