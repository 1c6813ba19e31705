namespace OpenClaw.RateLimiting;

/// <summary>What a health check or a dashboard wants to know of the limiter. Reading it costs nothing and asks nobody.</summary>
public interface IRateLimiterHealth
{
    /// <summary>The worst circuit: one plain Redis has one circuit, a Redis Cluster one for each range of hash slots.</summary>
    CircuitState Circuit { get; }

    /// <summary>Why Redis last failed: <c>timeout</c>, <c>connection</c>, or the kind of its error, such as <c>readonly</c> or <c>loading</c>; after
    /// <c>nopermission</c> the rights that its user lacks, once they are known.
    /// Null while the circuit is closed.</summary>
    string? Reason { get; }

    /// <summary>Live replicas of this limiter, this one included, as Redis last told; a local share is a limit divided by it. At least 1.</summary>
    int Replicas { get; }
}
