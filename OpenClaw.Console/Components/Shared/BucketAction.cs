namespace OpenClaw.Console.Components.Shared;

/// <summary>Changes that an operator can make to buckets.</summary>
public enum BucketAction
{
    /// <summary>Add tokens.</summary>
    Grant,

    /// <summary>Fill the buckets and lift blocks.</summary>
    Reset,

    /// <summary>Refuse every request for a time.</summary>
    Block,

    /// <summary>Lift a block.</summary>
    Unblock,
}
