using OpenClaw.RateLimiting.DenyCaching;

namespace OpenClaw.RateLimiting;

/// <summary>Where a decision was made.</summary>
public enum DecisionSource
{
    /// <summary>By the script in Redis, against the state that all replicas share.</summary>
    Store = 0,

    /// <summary>By an earlier denial that still holds; Redis was not asked.</summary>
    DenyCache = 1,

    /// <summary>In memory, against this replica's share, because Redis did not answer in time.</summary>
    Local = 2,

    /// <summary>Allowed unseen, because Redis did not answer and the policy fails open.</summary>
    Open = 3,

    /// <summary>Refused unseen, because Redis did not answer and the policy fails closed.</summary>
    Closed = 4,
}
