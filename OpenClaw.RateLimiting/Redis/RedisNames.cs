using OpenClaw.RateLimiting.Batching;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Redis key and channel names.</summary>
internal sealed class RedisNames(string prefix)
{
    /// <summary>Name of the heartbeats where a partition name is expected.</summary>
    public const string HeartbeatPartition = "~";

    private const char Escape = '\\';

    /// <summary>Channel that announces partitions that may grant more than cached denials assume. Each message is the key of a
    /// partition.</summary>
    public string Channel { get; } = prefix + "raised";

    /// <summary>Sorted set of live replicas. No policy name contains a tilde, so this key and the probes never collide with a
    /// partition.</summary>
    public RedisKey Replicas { get; } = $"{prefix}{{{HeartbeatPartition}}}~replicas";

    /// <summary>Sorted set that is used only to test rights.</summary>
    public RedisKey Rights { get; } = $"{prefix}{{{HeartbeatPartition}}}~rights";

    /// <summary>Prefix of every key.</summary>
    public string Prefix => prefix;

    /// <summary>Key for probes on the same server as a partition's state.</summary>
    public RedisKey ProbeOf(string partition) => KeyOf(ProbePartition(partition));

    /// <summary>Key of a partition's state. The braces put all policies of a partition into one slot of a cluster.</summary>
    public RedisKey KeyOf(in PartitionKey partition) => $"{prefix}{{{Tag(partition.Partition)}}}{partition.Policy}";

    /// <summary>The partition whose key is used for probes.</summary>
    public static PartitionKey ProbePartition(string partition) => new("~probe", partition);

    /// <summary>Reads a partition from its key; false if the key has another format.</summary>
    public bool TryParse(string key, out PartitionKey partition)
    {
        partition = default;
        int start = prefix.Length + 1;

        // The last brace, since a partition may contain braces and a policy name may not.
        int end = key.LastIndexOf('}');
        if (end <= start || !key.StartsWith(prefix, StringComparison.Ordinal) || key[start - 1] != '{')
        {
            return false;
        }

        string tag = key[start..end];
        partition = new PartitionKey(key[(end + 1)..], tag[0] == Escape ? tag[1..] : tag);
        return true;
    }

    // Redis Cluster ignores an empty hash tag: a partition that begins with a closing brace would spread its policies over several slots.
    private static string Tag(string partition) => partition[0] is '}' or Escape ? Escape + partition : partition;
}
