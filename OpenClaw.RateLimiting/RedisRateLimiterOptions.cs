using OpenClaw.RateLimiting.Limiter;

namespace OpenClaw.RateLimiting;

/// <summary>Settings of a limiter. The limits themselves are in each <see cref="RateLimitPolicy"/>.</summary>
public sealed class RedisRateLimiterOptions
{
    /// <summary>Prefix of every Redis key. Limiters with the same prefix on the same Redis share their buckets.</summary>
    /// <value>1 to 32 characters without braces and white space. Default <c>rl:</c>.</value>
    public string KeyPrefix { get; set; } = "rl:";

    /// <summary>Longest time that a decision waits for Redis before the policy's <see cref="RateLimitPolicy.FailureMode"/>
    /// decides.</summary>
    /// <value>1 ms to 10 s. Default 50 ms.</value>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Number of script calls that may be under way at the same time. Decisions whose first charge is for the same partition
    /// always use the same lane and are made in order of arrival. A call costs this process and Redis much more than one decision in it:
    /// with few processors, fewer and larger calls are faster.</summary>
    /// <value>1 to 64. Default: half the number of processors, but at least 1 and at most 4. Not used on Redis Cluster, where every slot is
    /// a lane.</value>
    public int Lanes { get; set; } = Math.Clamp(Environment.ProcessorCount / 2, 1, 4);

    /// <summary>Largest number of partitions in one script call. It bounds how long a call occupies Redis.</summary>
    /// <value>4 to 255. Default 64.</value>
    public int MaxPartitionsPerCall { get; set; } = 64;

    /// <summary>Largest number of decisions in one script call.</summary>
    /// <value>4 to 4096. Default 256.</value>
    public int MaxDecisionsPerCall { get; set; } = 256;

    /// <summary>Largest number of partitions whose denial is cached until Redis would grant again. Each takes about 200 bytes.</summary>
    /// <value>0 to 10,000,000; 0 asks Redis every time. Default 100,000.</value>
    public int DenyCacheEntries { get; set; } = 100_000;

    /// <summary>Name of this replica among those that share the limits. A replica that restarts with the same name is not counted
    /// twice.</summary>
    /// <value>1 to 256 characters. Default: machine name and process id, which on Kubernetes are the pod's name and always the same
    /// number.</value>
    public string ReplicaName { get; set; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>Number of replicas to assume until Redis has reported one. It divides local shares if Redis is unavailable from the
    /// start.</summary>
    /// <value>1 to 1000. Default 1.</value>
    public int AssumedReplicas { get; set; } = 1;

    /// <summary>Failed or late calls in a row that open the circuit: Redis is then asked by probes only.</summary>
    /// <value>1 to 1000. Default 5.</value>
    public int CircuitThreshold { get; set; } = 5;

    /// <summary>Time between two probes while the circuit is open.</summary>
    /// <value>10 ms to 500 ms. Default 200 ms.</value>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Largest number of partitions decided in memory, and of partitions whose last level in Redis is kept for that. Together a
    /// partition takes about 350 bytes in a long outage, and 32 otherwise.</summary>
    /// <value>1000 to 10,000,000. Default 100,000.</value>
    public int MaxLocalPartitions { get; set; } = 100_000;
}
