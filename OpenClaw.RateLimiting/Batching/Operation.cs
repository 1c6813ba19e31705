namespace OpenClaw.RateLimiting.Batching;

/// <summary>What an entry of a batch does to its partitions. <c>decide.lua</c> uses the same numbers, except for the last.</summary>
internal enum Operation : byte
{
    /// <summary>Takes the cost from every bucket of every charge, or nothing.</summary>
    Charge = 0,

    /// <summary>Takes up to the cost; never denies.</summary>
    Debit = 1,

    /// <summary>Returns up to the cost.</summary>
    Refund = 2,

    /// <summary>Fills every bucket and lifts the block.</summary>
    Reset = 3,

    /// <summary>Denies everything; the cost is the time in microseconds. Zero lifts the block.</summary>
    Block = 4,

    /// <summary>Returns up to the cost, in the store only: an operator's grant, or a refund of tokens taken from the store. It is sent to
    /// the script as a refund.</summary>
    Grant = 5,
}
