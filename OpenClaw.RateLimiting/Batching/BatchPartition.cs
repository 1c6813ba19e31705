namespace OpenClaw.RateLimiting.Batching;

/// <summary>One partition of one policy within a batch: the state that a store read before the batch, and, once the batch is settled, the state after it.</summary>
internal sealed class BatchPartition
{
    private readonly long[] _deficits = new long[RateLimitPolicy.MaxBuckets];

    public RateLimitPolicy Policy { get; private set; } = null!;

    /// <summary>Whose buckets.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Whose buckets, by name.</summary>
    public PartitionKey Key => new(Policy.Name, Name);

    /// <summary>The numbers that decide: the policy's own, or this replica's share of them.</summary>
    public BucketNumbers[] Numbers { get; set; } = [];

    /// <summary>What each bucket lacks to be full, in units of <see cref="Numbers"/>.</summary>
    public Span<long> Deficits => _deficits.AsSpan(0, Numbers.Length);

    /// <summary>Microseconds for which the partition is still blocked; zero when it is not.</summary>
    public long BlockedFor { get; set; }

    /// <summary>Whether the batch has changed the state, so that it must be written. A refusal writes nothing.</summary>
    public bool IsChanged { get; set; }

    /// <summary>The state's time lies ahead of the store's clock: the next charge writes it anew, even when refused, or a drained bucket would stay so until that time.</summary>
    public bool NeedsRepair { get; set; }

    /// <summary>The largest cost that the batch asked for and the partition could not pay; zero when it paid everything.</summary>
    public long RefusedCost { get; set; }

    /// <summary>Whether the batch gave tokens back, filled the buckets or changed a block.</summary>
    public bool IsRaised { get; private set; }

    /// <summary>What the deny cache had counted when the batch was sent.</summary>
    public int Drops { get; set; }

    /// <summary>Where the state comes from, or <see cref="DecisionSource.Open"/> or <see cref="DecisionSource.Closed"/> when there is none.</summary>
    public DecisionSource Source { get; set; }

    /// <summary>The buckets in this process that the state is of; null when it is of others.</summary>
    public ILocalBuckets? Local { get; set; }

    /// <summary>When to come back, in a refusal that is <see cref="DecisionSource.Closed"/>.</summary>
    public TimeSpan RetryAfter { get; set; }

    /// <summary>Takes the object into use for a partition of which nothing is known yet.</summary>
    public void Start(RateLimitPolicy policy, string name)
    {
        Policy = policy;
        Name = name;
        Restart();
    }

    /// <summary>Forgets what a store has said, so that another one can answer.</summary>
    public void Restart()
    {
        Numbers = Policy.Numbers;
        BlockedFor = 0;
        Source = DecisionSource.Store;
        Local = null;
        RetryAfter = TimeSpan.Zero;
        IsChanged = NeedsRepair = IsRaised = false;
        RefusedCost = 0;
        Deficits.Clear();
    }

    /// <summary>Whether no enforcing bucket refuses the cost.</summary>
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

    /// <summary>Carries out an operation that never refuses, on some of the buckets.</summary>
    public void Apply(Operation operation, long cost, byte buckets)
    {
        // An operator's change is carried out where every replica sees it, or not at all.
        if (operation is Operation.Reset or Operation.Block or Operation.Grant && Source != DecisionSource.Store)
        {
            return;
        }

        IsRaised |= operation != Operation.Debit;
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
