namespace OpenClaw.RateLimiting;

/// <summary>State of the circuit breaker between the limiter and Redis.</summary>
public enum CircuitState
{
    /// <summary>Redis decides.</summary>
    Closed = 0,

    /// <summary>Redis failed several times in a row, and one probe is asking whether it is back. The failure mode decides.</summary>
    HalfOpen = 1,

    /// <summary>Redis failed several times in a row and is not asked until the next probe. The failure mode decides.</summary>
    Open = 2,
}
