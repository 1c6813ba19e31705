using Microsoft.Extensions.Options;
using OpenClaw.Notifier.Options;
using StackExchange.Redis;

namespace OpenClaw.Notifier.Queue;

/// <summary>Names of the notifier's keys. All have one hash tag, so that a script finds its keys in one slot.</summary>
internal sealed class QueueKeys(IOptions<NotifierOptions> options)
{
    /// <summary>The consumer group of all notifiers.</summary>
    public const string Group = "notifier";

    private readonly string _prefix = options.Value.KeyPrefix + "{events}";

    /// <summary>Stream of events, written by the edges.</summary>
    public RedisKey Events => _prefix;

    /// <summary>Stream of dead letters to send again, written by the edge's admin API.</summary>
    public RedisKey Retry => $"{_prefix}:retry";

    /// <summary>Stream of deliveries and their outcomes.</summary>
    public RedisKey Deliveries => $"{_prefix}:deliveries";

    /// <summary>Stream of deliveries that were given up.</summary>
    public RedisKey Dead => $"{_prefix}:dead";

    /// <summary>Set of the receivers that were notified of an event.</summary>
    public RedisKey Told(string id) => $"{_prefix}:told:{id}";

    /// <summary>Sorted set of receivers by the time (ms) of their next delivery; leased ones are not in it.</summary>
    public RedisKey Due(string channel) => $"{_prefix}:{channel}:due";

    /// <summary>Sorted set of leased receivers by the end of the lease (ms).</summary>
    public RedisKey Leases(string channel) => $"{_prefix}:{channel}:leases";

    /// <summary>Hash of leased receivers: the token of the holder.</summary>
    public RedisKey Holders(string channel) => $"{_prefix}:{channel}:holders";

    /// <summary>Sorted set of all unfinished deliveries, by the time (ms) of their entry in the stream.</summary>
    public RedisKey Pending(string channel) => $"{_prefix}:{channel}:pending";

    /// <summary>Sorted set of a receiver's deliveries by the time (ms) when they are due.</summary>
    public RedisKey Queue(string channel, string to) => $"{_prefix}:{channel}:queue:{to}";

    /// <summary>Hash of a receiver's deliveries: the job, and the attempts so far.</summary>
    public RedisKey Jobs(string channel, string to) => $"{_prefix}:{channel}:jobs:{to}";
}
