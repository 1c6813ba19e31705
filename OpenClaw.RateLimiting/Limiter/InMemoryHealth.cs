namespace OpenClaw.RateLimiting.Limiter;

/// <summary>The health of a limiter that needs no Redis.</summary>
internal sealed class InMemoryHealth : IRateLimiterHealth
{
    public CircuitState Circuit => CircuitState.Closed;

    public string? Reason => null;

    public int Replicas => 1;
}
