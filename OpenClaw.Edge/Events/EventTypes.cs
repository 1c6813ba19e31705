namespace OpenClaw.Edge.Events;

/// <summary>Types of events.</summary>
internal static class EventTypes
{
    /// <summary>A client passed a threshold of a bucket.</summary>
    public const string Threshold = "client.threshold";

    /// <summary>A client was denied many times within the window.</summary>
    public const string Denied = "client.denied";

    /// <summary>An operator blocked a client.</summary>
    public const string Blocked = "client.blocked";

    /// <summary>An operator lifted a block.</summary>
    public const string Unblocked = "client.unblocked";

    /// <summary>An operator put tokens into a client's buckets.</summary>
    public const string Granted = "client.granted";

    /// <summary>An operator filled a client's buckets.</summary>
    public const string Reset = "client.reset";

    /// <summary>A rules document or changed rules of the configuration came into force.</summary>
    public const string RulesChanged = "rules.changed";

    /// <summary>Redis stopped deciding.</summary>
    public const string StoreLost = "store.lost";

    /// <summary>Redis decides again.</summary>
    public const string StoreRestored = "store.restored";

    /// <summary>All types.</summary>
    public static readonly IReadOnlyList<string> All =
        [Threshold, Denied, Blocked, Unblocked, Granted, Reset, RulesChanged, StoreLost, StoreRestored];
}
