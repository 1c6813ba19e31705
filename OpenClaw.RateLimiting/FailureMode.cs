namespace OpenClaw.RateLimiting;

/// <summary>How a policy decides while Redis does not answer in time.</summary>
public enum FailureMode
{
    /// <summary>Decide in memory by this replica's share: the limit divided by the number of live replicas. The default.</summary>
    Local = 0,

    /// <summary>Allow every request (fail open).</summary>
    Open = 1,

    /// <summary>Deny every request (fail closed).</summary>
    Closed = 2,
}
