namespace OpenClaw.RateLimiting.Batching;

/// <summary>One partition of one policy within a batch: its state as a store read it, and after settling the batch, its new
/// state.</summary>
internal sealed class BatchPartition
{
    private readonly long[] _deficits = new long[RateLimitPolicy.MaxBuckets];

    public RateLimitPolicy Policy { get; private set; } = null!;

    /// <summary>Name of the partition.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Names of policy and partition.</summary>
    public PartitionKey Key => new(Policy.Name, Name);

    /// <summary>Bucket numbers to decide with: the policy's, or those of this replica's share.</summary>
    public BucketArithmetic[] Numbers { get; set; } = [];

    /// <summary>Units missing from each bucket, counted in <see cref="Numbers"/>.</summary>
    public Span<long> Deficits => _deficits.AsSpan(0, Numbers.Length);

    /// <summary>Remaining time of a block, in microseconds; zero if the partition is not blocked.</summary>
    public long BlockedFor { get; set; }

    /// <summary>Whether the batch changed the state, so that it must be written. A denial writes nothing.</summary>
    public bool IsChanged { get; set; }

    /// <summary>Whether the state's time is ahead of the store's clock. The next charge then writes the state, even if denied; otherwise a
    /// drained bucket would not refill until that time.</summary>
    public bool NeedsRepair { get; set; }

    /// <summary>Largest cost that was denied in the batch; zero if none was.</summary>
    public long RefusedCost { get; set; }

    /// <summary>Whether the batch returned tokens, filled buckets or changed a block. Cached denials of the partition may then be
    /// wrong.</summary>
    public bool MayGrantEarlier { get; private set; }

    /// <summary>The deny cache's drop count when the batch was sent.</summary>
    public int Drops { get; set; }

    /// <summary>Origin of the state; <see cref="DecisionSource.Open"/> or <see cref="DecisionSource.Closed"/> if there is no
    /// state.</summary>
    public DecisionSource Source { get; set; }

    /// <summary>In-process buckets that the state belongs to; null if it belongs to the store.</summary>
    public ILocalBuckets? Local { get; set; }

    /// <summary>Retry-after of a denial by <see cref="DecisionSource.Closed"/>.</summary>
    public TimeSpan RetryAfter { get; set; }

    /// <summary>Prepares the object for a partition in unknown state.</summary>
    public void Start(RateLimitPolicy policy, string name)
    {
        Policy = policy;
        Name = name;
        Restart();
    }

    /// <summary>Discards the state, so that another store can decide.</summary>
    public void Restart()
    {
        Numbers = Policy.Numbers;
        BlockedFor = 0;
        Source = DecisionSource.Store;
        Local = null;
        RetryAfter = TimeSpan.Zero;
        IsChanged = NeedsRepair = MayGrantEarlier = false;
        RefusedCost = 0;
        Deficits.Clear();
    }

    /// <summary>Whether no enforcing bucket denies the cost.</summary>
    public bool CanPay(long cost)
    {
        if (Source >= DecisionSource.Open)
        {
            return Source == DecisionSource.Open;
        }

        if (BlockedFor > 0)
        {
            return false;
        }

        for (var i = 0; i < Numbers.Length; i++)
        {
            if (!Numbers[i].Shadow && !Numbers[i].CanPay(_deficits[i], cost))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Carries out an operation that never denies, on some of the buckets.</summary>
    public void Apply(Operation operation, long cost, byte buckets)
    {
        // Operators' changes apply in the store only, where every replica sees them.
        if (operation is Operation.Reset or Operation.Block or Operation.Grant && Source != DecisionSource.Store)
        {
            return;
        }

        MayGrantEarlier |= operation != Operation.Debit;
        if (operation == Operation.Block)
        {
            IsChanged |= cost > 0 || BlockedFor > 0;
            BlockedFor = cost;
            return;
        }

        for (var i = 0; i < Numbers.Length; i++)
        {
            if (!BucketSet.Has(buckets, i))
            {
                continue;
            }

            long deficit = operation switch
            {
                Operation.Debit => Numbers[i].Take(_deficits[i], cost),
                Operation.Refund or Operation.Grant => Numbers[i].Give(_deficits[i], cost),
                _ => 0,
            };
            IsChanged |= deficit != _deficits[i];
            _deficits[i] = deficit;
        }

        if (operation == Operation.Reset)
        {
            IsChanged |= BlockedFor > 0;
            BlockedFor = 0;
        }
    }
}
