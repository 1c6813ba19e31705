namespace OpenClaw.RateLimiting.Batching;

/// <summary>Hash slots of a store whose calls cannot reach into several slots at once.</summary>
internal interface IPartitionSlots
{
    /// <summary>Number of slots.</summary>
    int Count { get; }

    /// <summary>Whether the store has slots, as far as is known.</summary>
    bool Exist { get; }

    /// <summary>Slot of the partition that the charge is for.</summary>
    int Of(in Charge charge);
}
