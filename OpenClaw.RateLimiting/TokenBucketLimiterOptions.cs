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

    /// <summary>How many script calls may be under way side by side. A partition always uses the same lane, so its decisions are made in order of arrival.</summary>
    /// <value>1 to 64. Default 4. On Redis Cluster every slot is a lane of its own, and this setting is not used.</value>
    public int Lanes { get; set; } = 4;

    /// <summary>Most partitions that one script call decides: what bounds the time for which a call holds Redis.</summary>
    /// <value>4 to 255. Default 64.</value>
    public int MaxPartitionsPerCall { get; set; } = 64;

    /// <summary>Most decisions that one script call makes.</summary>
    /// <value>4 to 4096. Default 256.</value>
    public int MaxDecisionsPerCall { get; set; } = 256;

    /// <summary>Most partitions whose denial is remembered until Redis would grant again; each takes about 200 bytes.</summary>
    /// <value>0 to 10 000 000; 0 asks Redis every time. Default 100 000.</value>
    public int DenyCacheEntries { get; set; } = 100_000;
}
