using OpenClaw.RateLimiting.Batching;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Hash slots of a Redis Cluster.</summary>
internal sealed class ClusterSlots(IConnectionMultiplexer redis, RedisNames names) : IPartitionSlots
{
    /// <summary>Number of slots of a cluster.</summary>
    public const int Count = 16_384;

    private static readonly RedisKey AnyKey = "?";

    int IPartitionSlots.Count => Count;

    /// <summary>Whether Redis is a cluster. False before the first connection.</summary>
    public bool Exist => redis.GetHashSlot(AnyKey) >= 0;

    /// <summary>Slot of the charge's state.</summary>
    public int Of(in Charge charge) => redis.GetHashSlot(names.KeyOf(new PartitionKey(charge)));
}
