using OpenClaw.RateLimiting.Redis;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Outage;

/// <summary>Heartbeats and probes as small scripts in Redis.</summary>
/// <param name="redis">The connection that decisions use.</param>
/// <param name="names">Names the keys.</param>
/// <param name="replica">Names this replica; the same name after a restart is the same replica.</param>
internal sealed class RedisSignals(IConnectionMultiplexer redis, RedisNames names, string replica) : IRedisSignals
{
    // KEYS[1]: sorted set of replicas, by the time in milliseconds of their last beat. ARGV[1]: this replica; ARGV[2]: lifetime in milliseconds.
    // Beats from the future come from another server's clock, before a failover; whoever still lives is back within one beat.
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

    // Writes, because a server that only reads cannot decide: a replica, a full one, one that is loading.
    private const string Probe = "return redis.call('SET', KEYS[1], '', 'PX', 1000)";

    private readonly IDatabase _database = redis.GetDatabase();
    private readonly RedisKey[] _replicas = [names.Replicas];
    private readonly RedisValue[] _beat = [replica, (long)ReplicaHeartbeat.Lifetime.TotalMilliseconds];

    public int HeartbeatSlot => redis.GetHashSlot(names.Replicas);

    public async Task<int> BeatAsync() => (int)await _database.ScriptEvaluateAsync(Beat, _replicas, _beat, CommandFlags.DemandMaster);

    public Task LeaveAsync() => _database.SortedSetRemoveAsync(_replicas[0], replica, CommandFlags.DemandMaster);

    public Task ProbeAsync(string partition) => _database.ScriptEvaluateAsync(Probe, [names.ProbeOf(partition)], flags: CommandFlags.DemandMaster);

    public Task RediscoverAsync() => redis.ConfigureAsync();
}
