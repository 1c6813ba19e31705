namespace OpenClaw.RateLimiting;

/// <summary>What a policy answers while Redis cannot decide in time.</summary>
public enum FailureMode
{
    /// <summary>Decide in memory against this replica's share: the limit divided by the number of live replicas. The default.</summary>
    Local = 0,

    /// <summary>Allow everything (fail open).</summary>
    Open = 1,

    /// <summary>Refuse everything (fail closed).</summary>
    Closed = 2,
}
