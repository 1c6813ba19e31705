using OpenClaw.RateLimiting.DenyCaching;

namespace OpenClaw.RateLimiting;

/// <summary>Where a decision was made.</summary>
public enum DecisionSource
{
    /// <summary>By the script in Redis, on the state that all replicas share.</summary>
    Store = 0,

    /// <summary>By a cached denial that still applies; Redis was not asked.</summary>
    DenyCache = 1,

    /// <summary>In memory, on this replica's share of the limit, because Redis did not answer in time.</summary>
    Local = 2,

    /// <summary>Allowed unchecked, because Redis did not answer and the policy fails open.</summary>
    Open = 3,

    /// <summary>Denied unchecked, because Redis did not answer and the policy fails closed.</summary>
    Closed = 4,
}
