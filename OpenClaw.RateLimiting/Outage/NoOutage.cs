namespace OpenClaw.RateLimiting.Outage;

/// <summary>The health of a limiter that needs no Redis.</summary>
internal sealed class NoOutage : IRateLimiterHealth
{
    public CircuitState Circuit => CircuitState.Closed;

    public string? Reason => null;

    public int Replicas => 1;
}
