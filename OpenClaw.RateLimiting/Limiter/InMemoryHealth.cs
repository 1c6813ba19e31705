namespace OpenClaw.RateLimiting.Limiter;

/// <summary>Health of a limiter without Redis: always healthy.</summary>
internal sealed class InMemoryHealth : IRateLimiterHealth
{
    public CircuitState Circuit => CircuitState.Closed;

    public string? Reason => null;

    public int Replicas => 1;
}
