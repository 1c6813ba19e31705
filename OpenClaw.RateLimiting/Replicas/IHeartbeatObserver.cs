namespace OpenClaw.RateLimiting.Replicas;

/// <summary>Learns from heartbeats whether Redis answers.</summary>
internal interface IHeartbeatObserver
{
    /// <summary>A heartbeat succeeded.</summary>
    /// <param name="slot">Cluster slot that it went to; -1 when Redis is no cluster.</param>
    void BeatSucceeded(int slot);

    /// <summary>A heartbeat failed or was late.</summary>
    /// <param name="slot">Cluster slot that it went to; -1 when Redis is no cluster.</param>
    /// <param name="exception">The failure.</param>
    void BeatFailed(int slot, Exception exception);
}
