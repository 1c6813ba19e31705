using OpenClaw.Edge.Redis;
using StackExchange.Redis;

namespace OpenClaw.Edge.Events;

/// <summary>Repeats failed deliveries, or deletes them.</summary>
internal sealed class FailedDeliveries(IConnectionMultiplexer redis, ControlPlaneKeys keys)
{
    private const int MaxRetries = 1_000;

    // KEYS[1]: stream of failed deliveries. KEYS[2]: stream of deliveries to try again. ARGV[1]: id of an entry of the first. ARGV[2]:
    // length of the second. Returns 0 when there is no such entry.
    private const string Retry =
        """
        local entry = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
        if not entry then return 0 end
        local fields = {}
        for i = 1, #entry[2], 2 do fields[entry[2][i]] = entry[2][i + 1] end
        redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', 'id', fields.id or '', 'channel', fields.channel or '',
          'to', fields.to or '', 'event', fields.event or '')
        redis.call('XDEL', KEYS[1], ARGV[1])
        return 1
        """;

    private readonly IDatabase _database = redis.GetDatabase();

    /// <summary>Moves a delivery to the stream that the notifier retries, atomically; false when there is no such delivery.</summary>
    /// <exception cref="RedisException">Redis did not answer.</exception>
    public async Task<bool> RetryAsync(StreamEntryId position) => (bool)await RightsTrial.NameMissingAsync(
        _database, keys.Events.Append(":rights"), ["XRANGE", "XADD", "XDEL"], () => _database.ScriptEvaluateAsync(
            Retry, [keys.FailedDeliveries, keys.Retries], [position.ToString(), MaxRetries],
            CommandFlags.DemandMaster | CommandFlags.NoScriptCache));

    /// <summary>Deletes a failed delivery; false when there is no such delivery.</summary>
    /// <exception cref="RedisException">Redis did not answer.</exception>
    public async Task<bool> DiscardAsync(StreamEntryId position) =>
        await _database.StreamDeleteAsync(keys.FailedDeliveries, [position.ToString()], CommandFlags.DemandMaster) > 0;
}
