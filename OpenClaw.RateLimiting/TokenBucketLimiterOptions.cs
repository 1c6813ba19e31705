using OpenClaw.RateLimiting.Limiter;

namespace OpenClaw.RateLimiting;

/// <summary>How a <see cref="TokenBucketLimiter"/> uses Redis and memory. What is limited is said by each <see cref="RateLimitPolicy"/>.</summary>
public sealed class TokenBucketLimiterOptions
{
    /// <summary>What every Redis key begins with; limiters that share buckets share it.</summary>
    /// <value>1 to 32 characters, none of them a brace or white space. Default <c>rl:</c>.</value>
    public string KeyPrefix { get; set; } = "rl:";

    /// <summary>Longest time a decision waits for Redis before the policy's <see cref="RateLimitPolicy.FailureMode"/> decides.</summary>
    /// <value>1 ms to 10 s. Default 50 ms.</value>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How many script calls may be under way side by side. Decisions whose first charge is for the same partition always use the same lane and are made in order of
    /// arrival. A call costs this process and Redis much more than one decision in it does: on few processors fewer and larger calls are quicker.</summary>
    /// <value>1 to 64. Default: half the number of processors, but at least 1 and at most 4. On Redis Cluster every slot is a lane of its own, and this setting is not used.</value>
    public int Lanes { get; set; } = Math.Clamp(Environment.ProcessorCount / 2, 1, 4);

    /// <summary>Most partitions that one script call decides: what bounds the time for which a call holds Redis.</summary>
    /// <value>4 to 255. Default 64.</value>
    public int MaxPartitionsPerCall { get; set; } = 64;

    /// <summary>Most decisions that one script call makes.</summary>
    /// <value>4 to 4096. Default 256.</value>
    public int MaxDecisionsPerCall { get; set; } = 256;

    /// <summary>Most partitions whose denial is remembered until Redis would grant again; each takes about 200 bytes.</summary>
    /// <value>0 to 10 000 000; 0 asks Redis every time. Default 100 000.</value>
    public int DenyCacheEntries { get; set; } = 100_000;

    /// <summary>Names this replica among those that share the limits. The same name after a restart is the same replica, so that it is not counted twice.</summary>
    /// <value>1 to 256 characters. Default: machine name and process id, which on Kubernetes is the pod's name and always the same number.</value>
    public string ReplicaName { get; set; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>How many replicas to assume until Redis has told it once: what a local share is divided by when Redis is away from the start.</summary>
    /// <value>1 to 1000. Default 1.</value>
    public int AssumedReplicas { get; set; } = 1;

    /// <summary>Failed or late calls in a row after which Redis is left alone, and asked by single probes only.</summary>
    /// <value>1 to 1000. Default 5.</value>
    public int CircuitThreshold { get; set; } = 5;

    /// <summary>Time between two probes of a Redis that is left alone.</summary>
    /// <value>10 ms to 500 ms. Default 200 ms.</value>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Most partitions that are decided in memory, and most whose level in Redis is remembered for that; together each takes about 350 bytes in a long outage,
    /// and 32 otherwise.</summary>
    /// <value>1000 to 10 000 000. Default 100 000.</value>
    public int MaxLocalPartitions { get; set; } = 100_000;
}
