using StackExchange.Redis;

namespace OpenClaw.Notifier.Queue;

/// <summary>Names of the notifier's keys. All have one hash tag, so that a script finds its keys in one slot.</summary>
internal static class QueueKeys
{
    /// <summary>The consumer group of all notifiers.</summary>
    public const string Group = "notifier";

    private const string Prefix = "openclaw:{events}";

    /// <summary>Events, written by the edges.</summary>
    public static readonly RedisKey Events = Prefix;

    /// <summary>Dead letters to send again, written by the edge's admin API.</summary>
    public static readonly RedisKey Retry = $"{Prefix}:retry";

    /// <summary>Stream of deliveries and their outcomes.</summary>
    public static readonly RedisKey Deliveries = $"{Prefix}:deliveries";

    /// <summary>Deliveries that were given up.</summary>
    public static readonly RedisKey Dead = $"{Prefix}:dead";

    /// <summary>Set of the receivers that were told of an event.</summary>
    public static RedisKey Told(string id) => $"{Prefix}:told:{id}";

    /// <summary>Sorted set of receivers by the time (ms) of their next delivery; leased ones are not in it.</summary>
    public static RedisKey Due(string channel) => $"{Prefix}:{channel}:due";

    /// <summary>Sorted set of leased receivers by the end of the lease (ms).</summary>
    public static RedisKey Leases(string channel) => $"{Prefix}:{channel}:leases";

    /// <summary>Hash of leased receivers: the token of the holder.</summary>
    public static RedisKey Holders(string channel) => $"{Prefix}:{channel}:holders";

    /// <summary>Sorted set of all deliveries that are not finished, by the time (ms) of their entry in the stream.</summary>
    public static RedisKey Pending(string channel) => $"{Prefix}:{channel}:pending";

    /// <summary>Sorted set of a receiver's deliveries by the time (ms) when they are due.</summary>
    public static RedisKey Queue(string channel, string to) => $"{Prefix}:{channel}:queue:{to}";

    /// <summary>Hash of a receiver's deliveries: the job, and the attempts so far.</summary>
    public static RedisKey Jobs(string channel, string to) => $"{Prefix}:{channel}:jobs:{to}";
}
