using OpenClaw.RateLimiting.Batching;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Which slot of a Redis Cluster a partition's state lives in.</summary>
internal sealed class ClusterSlots(IConnectionMultiplexer redis, RedisNames names) : IPartitionSlots
{
    /// <summary>How many slots a cluster has.</summary>
    public const int Count = 16_384;

    private static readonly RedisKey AnyKey = "?";

    int IPartitionSlots.Count => Count;

    /// <summary>Whether Redis is a cluster, as far as is known: before the first connection it is taken for none.</summary>
    public bool Exist => redis.GetHashSlot(AnyKey) >= 0;

    /// <summary>The slot of a charge's state.</summary>
    public int Of(in Charge charge) => redis.GetHashSlot(names.KeyOf(new PartitionKey(charge)));
}
