using System.Threading.Tasks.Sources;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>One caller waiting for its answer. Rented from a pool and returned when the answer is taken, so that waiting allocates nothing.</summary>
internal sealed class PendingDecision : IValueTaskSource<RateLimitDecision>
{
    private readonly PendingDecisionPool? _pool;
    private ManualResetValueTaskSourceCore<RateLimitDecision> _completion;

    // In place: copied in when rented, indexes filled in when the decision joins a batch.
    private ChargeList _charges;
    private PartitionIndexes _partitions;

    public PendingDecision(PendingDecisionPool? pool = null)
    {
        _pool = pool;
        _completion.RunContinuationsAsynchronously = true;
    }

    public Operation Operation { get; private set; }

    public int Count { get; private set; }

    /// <summary>The buckets that a debit or a refund is for; all of them for any other operation.</summary>
    public byte Buckets { get; private set; }

    public CancellationToken CancellationToken { get; private set; }

    /// <summary>When the decision was asked for, as a timestamp of the limiter's clock.</summary>
    public long EnqueuedAt { get; set; }

    /// <summary>The next decision of the lane's queue, or of the same entry of a batch.</summary>
    public PendingDecision? Next { get; set; }

    /// <summary>The answer, once its batch is settled.</summary>
    public RateLimitDecision Decision { get; set; }

    public ReadOnlySpan<Charge> Charges => ((ReadOnlySpan<Charge>)_charges)[..Count];

    /// <summary>Index in the batch of each charge's partition.</summary>
    public Span<int> Partitions => ((Span<int>)_partitions)[..Count];

    /// <summary>What a caller awaits.</summary>
    public ValueTask<RateLimitDecision> Task => new(this, _completion.Version);

    public void Prepare(Operation operation, ReadOnlySpan<Charge> charges, CancellationToken cancellationToken, byte buckets = BucketSet.All)
    {
        Operation = operation;
        Buckets = buckets;
        Count = charges.Length;
        charges.CopyTo(_charges);
        CancellationToken = cancellationToken;
    }

    /// <summary>Lets the caller go on with <see cref="Decision"/>.</summary>
    public void Complete() => _completion.SetResult(Decision);

    /// <summary>Lets the caller go on with an <see cref="OperationCanceledException"/>.</summary>
    public void Cancel() => _completion.SetException(new OperationCanceledException(CancellationToken));

    RateLimitDecision IValueTaskSource<RateLimitDecision>.GetResult(short token)
    {
        try
        {
            return _completion.GetResult(token);
        }
        finally
        {
            _completion.Reset();
            ((Span<Charge>)_charges).Clear();
            CancellationToken = default;
            Decision = default;
            Next = null;
            _pool?.Return(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<RateLimitDecision>.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource<RateLimitDecision>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _completion.OnCompleted(continuation, state, token, flags);
}
