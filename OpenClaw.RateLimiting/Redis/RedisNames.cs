using OpenClaw.RateLimiting.Batching;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>How the limiter's keys and its channel are called in Redis.</summary>
internal sealed class RedisNames(string prefix)
{
    /// <summary>Stands for the heartbeats where a partition is asked for.</summary>
    public const string HeartbeatPartition = "~";

    private const char Escape = '\\';

    /// <summary>Where changes are announced that give a partition more to grant; each message is the partition's key.</summary>
    public string Channel { get; } = prefix + "raised";

    /// <summary>Which replicas live. The tilde, which no policy's name has, keeps this key and the probes' apart from partitions.</summary>
    public RedisKey Replicas { get; } = $"{prefix}{{{HeartbeatPartition}}}~replicas";

    /// <summary>A sorted set of no meaning, on which rights are tried.</summary>
    public RedisKey Rights { get; } = $"{prefix}{{{HeartbeatPartition}}}~rights";

    /// <summary>What every key begins with.</summary>
    public string Prefix => prefix;

    /// <summary>A key beside a partition's state, on the same server.</summary>
    public RedisKey ProbeOf(string partition) => $"{prefix}{{{Tag(partition)}}}~probe";

    /// <summary>The key of a partition's state. The braces put all policies of a partition into one slot of a cluster.</summary>
    public RedisKey KeyOf(in PartitionKey partition) => $"{prefix}{{{Tag(partition.Partition)}}}{partition.Policy}";

    /// <summary>The partition whose key this is; false when it is none of ours.</summary>
    public bool TryParse(string key, out PartitionKey partition)
    {
        partition = default;
        int start = prefix.Length + 1;

        // The last brace: a partition may contain some, a policy's name may not.
        int end = key.LastIndexOf('}');
        if (end <= start || !key.StartsWith(prefix, StringComparison.Ordinal) || key[start - 1] != '{')
        {
            return false;
        }

        string tag = key[start..end];
        partition = new PartitionKey(key[(end + 1)..], tag[0] == Escape ? tag[1..] : tag);
        return true;
    }

    // Between an opening brace and a closing one right behind it Redis Cluster sees no tag, and the policies of the partition would lie in different slots.
    private static string Tag(string partition) => partition[0] is '}' or Escape ? Escape + partition : partition;
}
