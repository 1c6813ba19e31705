namespace OpenClaw.RateLimiting.Batching;

/// <summary>What an entry of a batch does to its partitions. The script in Redis knows all but the last by these numbers.</summary>
internal enum Operation : byte
{
    /// <summary>Take the cost from every bucket of every charge, or nothing.</summary>
    Charge = 0,

    /// <summary>Take up to the cost; never refuse.</summary>
    Debit = 1,

    /// <summary>Give up to the cost back.</summary>
    Refund = 2,

    /// <summary>Fill every bucket and lift the block.</summary>
    Reset = 3,

    /// <summary>Refuse everything for as many microseconds as the cost says; zero lifts the block.</summary>
    Block = 4,

    /// <summary>Give up to the cost, in the store or not at all: an operator's gift, or a refund of what the store has taken. To the script
    /// it is a refund.</summary>
    Grant = 5,
}
