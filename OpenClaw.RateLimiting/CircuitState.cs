namespace OpenClaw.RateLimiting;

/// <summary>Whether decisions are asked of Redis.</summary>
public enum CircuitState
{
    /// <summary>Redis decides.</summary>
    Closed = 0,

    /// <summary>Redis failed several times in a row; a single probe is asking whether it is back. Decisions follow the failure mode.</summary>
    HalfOpen = 1,

    /// <summary>Redis failed several times in a row and is left alone until the next probe. Decisions follow the failure mode.</summary>
    Open = 2,
}
