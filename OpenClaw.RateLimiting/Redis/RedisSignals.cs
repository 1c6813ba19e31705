using OpenClaw.RateLimiting.Batching;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Sends heartbeats and probes as small scripts.</summary>
/// <param name="redis">Connection that decisions use.</param>
/// <param name="names">Names of the keys.</param>
/// <param name="replica">Name of this replica; after a restart with the same name it is the same replica.</param>
/// <param name="lifetime">Time without a beat after which a replica no longer counts.</param>
/// <param name="store">Store that makes the decisions.</param>
internal sealed class RedisSignals(
    IConnectionMultiplexer redis, RedisNames names, string replica, TimeSpan lifetime, RedisDecisionStore store)
    : IRedisSignals
{
    // KEYS[1]: sorted set of replicas by the time of their last beat in milliseconds. ARGV[1]: this replica. ARGV[2]: lifetime in
    // milliseconds.
    // Beats from the future were written on another server's clock, before a failover; live replicas beat again within a second.
    private const string Beat =
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local function text(number) return string.format('%.0f', number) end
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', text(now - ARGV[2]))
        redis.call('ZREMRANGEBYSCORE', KEYS[1], text(now + ARGV[2]), '+inf')
        redis.call('ZADD', KEYS[1], text(now), ARGV[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return redis.call('ZCARD', KEYS[1])
        """;

    // KEYS[1], KEYS[2]: keys used only for this test. Tries the commands of this class, of the decision script, and of the client's
    // keep-alive and role checks. Returns those that the user may not run. The right to receive messages is checked by the listener.
    private const string Rights =
        """
        local refused = {}
        local function try(name, ...)
          local reply = redis.pcall(name, ...)
          local error = type(reply) == 'table' and reply.err
          if not error then return end
          for _, text in ipairs({ 'NOPERM', 'user executing the script', 'no permissions' }) do
            if string.find(error, text, 1, true) then
              refused[#refused + 1] = name
              return
            end
          end
        end
        try('PING')
        try('INFO', 'replication')
        try('TIME')
        try('MGET', KEYS[1])
        try('SET', KEYS[1], '', 'PX', '1000')
        try('ZADD', KEYS[2], '0', '0')
        try('PEXPIRE', KEYS[2], '1000')
        try('ZREMRANGEBYSCORE', KEYS[2], '1', '1')
        try('ZREM', KEYS[2], '1')
        try('ZCARD', KEYS[2])
        return table.concat(refused, ' ')
        """;

    // Redis checks access to every declared key before it runs a script. This one reads and writes none of them.
    private const string Access = "return #KEYS";

    // The scripts are short and run rarely: EVAL needs no further right.
    private const CommandFlags Flags = CommandFlags.DemandMaster | CommandFlags.NoScriptCache;

    private readonly IDatabase _database = redis.GetDatabase();
    private readonly RedisKey[] _replicas = [names.Replicas];
    private readonly RedisKey[] _rightsKeys = [names.ProbeOf(RedisNames.HeartbeatPartition), names.Rights];
    private readonly RedisValue[] _beat = [replica, (long)lifetime.TotalMilliseconds];

    public int HeartbeatSlot => redis.GetHashSlot(names.Replicas);

    public async Task<int> BeatAsync() => (int)await _database.ScriptEvaluateAsync(Beat, _replicas, _beat, Flags);

    public Task LeaveAsync() => _database.SortedSetRemoveAsync(_replicas[0], replica, CommandFlags.DemandMaster);

    public Task ProbeAsync(string partition, PartitionKey[] keys)
    {
        Task probe = store.ProbeAsync(names.ProbeOf(partition));
        return keys.Length == 0 ? probe : Task.WhenAll(probe, TryAccessAsync(keys));
    }

    public async Task<string?> FindMissingRightsAsync(PartitionKey[] keys)
    {
        List<string> missing = [];
        try
        {
            string refused = (string?)await _database.ScriptEvaluateAsync(Rights, _rightsKeys, flags: Flags) ?? "";
            missing.AddRange(refused.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(MissingRight.Command));
            await store.ProbeByHashAsync(_rightsKeys[0]);
            await TryAccessAsync(keys);
        }
        catch (RedisServerException exception) when (MissingRight.Find(exception.Message) is { } right)
        {
            if (right != MissingRight.AnyCommand)
            {
                missing.Add(right);
            }
        }

        return missing.Count == 0 ? null : string.Join(", ", missing).Replace(MissingRight.Keys, $"{MissingRight.Keys} {names.Prefix}*");
    }

    public Task RediscoverAsync() => redis.ConfigureAsync();

    private Task TryAccessAsync(PartitionKey[] keys)
        => keys.Length == 0
            ? Task.CompletedTask
            : _database.ScriptEvaluateAsync(Access, [.. keys.Select(key => names.KeyOf(key))], flags: Flags);
}
