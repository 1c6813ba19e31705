namespace OpenClaw.RateLimiting.Batching;

/// <summary>Hash slots of a store in which one call cannot span several slots.</summary>
internal interface IPartitionSlots
{
    /// <summary>Number of slots.</summary>
    int Count { get; }

    /// <summary>Whether the store has slots, as far as is known.</summary>
    bool Exist { get; }

    /// <summary>Slot of the charge's partition.</summary>
    int Of(in Charge charge);
}
