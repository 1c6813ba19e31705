namespace OpenClaw.RateLimiting;

/// <summary>State of a limiter for health checks and dashboards. Reading it does no I/O.</summary>
public interface IRateLimiterHealth
{
    /// <summary>The worst circuit. A single Redis has one circuit; a Redis Cluster has one for each range of hash slots.</summary>
    CircuitState Circuit { get; }

    /// <summary>Why Redis last failed: <c>timeout</c>, <c>connection</c>, or the kind of its error, such as <c>readonly</c> or
    /// <c>loading</c>. <c>nopermission</c> is followed by the missing rights of the Redis user, once they are known. Null while the circuit
    /// is closed.</summary>
    string? Reason { get; }

    /// <summary>Number of live replicas of this limiter, including this one, as last reported by Redis. A local share is a limit divided by
    /// it. At least 1.</summary>
    int Replicas { get; }
}
