using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Redis;
using StackExchange.Redis;

namespace OpenClaw.Edge.Usage;

/// <summary>Writes the usage of this replica to Redis and reads that of all replicas.</summary>
internal sealed class RedisUsageStore(IConnectionMultiplexer redis, ControlPlaneKeys keys, IOptions<EdgeOptions> options)
{
    /// <summary>Time for which a replica's report is valid.</summary>
    public static readonly TimeSpan ReportLifetime = TimeSpan.FromSeconds(10);

    private const CommandFlags Master = CommandFlags.DemandMaster;

    // KEYS[1]: the replica's report. KEYS[2]: sorted set of replicas. KEYS[3]: id of the replica's last increments. Further keys: slices of
    // the history. ARGV[1]: report. ARGV[2]: replica. ARGV[3]: lifetime of the report in milliseconds. ARGV[4]: id of the increments.
    // ARGV[5]: lifetime of that id in seconds. Then for each slice: its lifetime in seconds, number of fields, and each with its increment.
    // If the reply is lost, the call is repeated. Increments with the id of the last ones are not added again.
    private const string Write =
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local function text(number) return string.format('%.0f', number) end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
        redis.call('ZADD', KEYS[2], text(now), ARGV[2])
        redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', text(now - ARGV[3]))
        redis.call('PEXPIRE', KEYS[2], ARGV[3])
        if #KEYS == 3 or redis.call('MGET', KEYS[3])[1] == ARGV[4] then return end
        local at = 6
        for slice = 4, #KEYS do
          local lifetime, fields = ARGV[at], tonumber(ARGV[at + 1])
          at = at + 2
          for _ = 1, fields do
            redis.call('HINCRBY', KEYS[slice], ARGV[at], ARGV[at + 1])
            at = at + 2
          end
          redis.call('EXPIRE', KEYS[slice], lifetime)
        end
        redis.call('SET', KEYS[3], ARGV[4], 'EX', ARGV[5])
        """;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly IDatabase _database = redis.GetDatabase();
    private readonly string _replica = options.Value.Limiter.ReplicaName;

    /// <summary>Writes a report and adds to the history, in one call.</summary>
    public Task WriteAsync(ReplicaReport report, UsageIncrements increments)
    {
        List<RedisKey> names = [keys.ReportOf(_replica), keys.Replicas, keys.LastIncrementsOf(_replica)];
        List<RedisValue> values =
        [
            JsonSerializer.SerializeToUtf8Bytes(report, Json), _replica, (long)ReportLifetime.TotalMilliseconds, increments.Id,
            (long)UsageHistory.FiveMinutesLifetime.TotalSeconds,
        ];
        foreach ((RedisKey key, TimeSpan lifetime, KeyValuePair<string, long>[] fields) in increments.Slices)
        {
            names.Add(key);
            values.AddRange([(long)lifetime.TotalSeconds, fields.Length]);
            foreach ((string field, long count) in fields)
            {
                values.AddRange([field, count]);
            }
        }

        return _database.ScriptEvaluateAsync(Write, [.. names], [.. values], Master);
    }

    /// <summary>Removes this replica from the list.</summary>
    public Task LeaveAsync() => _database.SortedSetRemoveAsync(keys.Replicas, _replica, Master);

    /// <summary>Logs why usage cannot be written.</summary>
    public ControlPlaneHealth CreateHealth(ILogger logger) => new(
        _database,
        "Usage",
        keys.Replicas.Append(":rights"),
        ["TIME", "SET", "MGET", "ZADD", "ZREMRANGEBYSCORE", "ZRANGE", "ZREM", "PEXPIRE", "EXPIRE", "HINCRBY", "HGETALL"],
        logger);

    /// <summary>Reads the valid reports of all replicas, by name. Reports in an unknown format are skipped.</summary>
    public async Task<IReadOnlyList<ReplicaReport>> ReadReportsAsync()
    {
        RedisValue[] replicas = await _database.SortedSetRangeByRankAsync(keys.Replicas, flags: Master);
        if (replicas.Length == 0)
        {
            return [];
        }

        RedisValue[] reports = await _database.StringGetAsync([.. replicas.Select(name => keys.ReportOf(name.ToString()))], Master);
        return [.. reports.Select(Read).OfType<ReplicaReport>().OrderBy(report => report.Name, StringComparer.Ordinal)];
    }

    /// <summary>Reads slices of the history, in the order of their keys.</summary>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, long>>> ReadSlicesAsync(IEnumerable<RedisKey> slices)
    {
        HashEntry[][] read = await Task.WhenAll(slices.Select(slice => _database.HashGetAllAsync(slice, Master)));
        return [.. read.Select(entries => entries.ToDictionary(entry => entry.Name.ToString(), entry => (long)entry.Value))];
    }

    private static ReplicaReport? Read(RedisValue report)
    {
        try
        {
            return report.IsNull ? null : JsonSerializer.Deserialize<ReplicaReport>((byte[])report!, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
