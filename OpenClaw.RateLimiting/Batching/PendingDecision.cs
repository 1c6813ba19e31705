using System.Threading.Tasks.Sources;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>One caller waiting for its answer. Rented from a pool and returned when both the batch and the caller are through with it, so
/// that waiting allocates nothing.</summary>
/// <remarks>A caller may misuse its task: take the result too early, twice, or on two threads at once. That is an exception for this
/// caller. The object goes back to the pool
/// only when nobody uses it any more, and no task of an earlier use is ever taken for the current one.</remarks>
internal sealed class PendingDecision : IValueTaskSource<RateLimitDecision>
{
    // The state is one word, so that a single exchange checks the task's version and claims a step: version (upper 16 bits), claimed steps,
    // number of users.
    private const int Users = 0xFF;
    private const int Awaited = 0x100;
    private const int Claimed = 0x200;
    private const int VersionShift = 16;

    // The batch, which answers, and the caller, who takes the answer.
    private const int FirstUsers = 2;

    private readonly PendingDecisionPool? _pool;
    private ManualResetValueTaskSourceCore<RateLimitDecision> _completion;
    private int _state = FirstUsers;

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

    /// <summary>Whether it is one part of a decision that is made in several calls, and not counted by itself.</summary>
    public bool IsPart { get; private set; }

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

    public void Prepare(
        Operation operation,
        ReadOnlySpan<Charge> charges,
        CancellationToken cancellationToken,
        byte buckets = BucketSet.All,
        bool isPart = false)
    {
        Operation = operation;
        Buckets = buckets;
        IsPart = isPart;
        Count = charges.Length;
        charges.CopyTo(_charges);
        CancellationToken = cancellationToken;
    }

    /// <summary>Lets the caller go on with <see cref="Decision"/>. The batch must not use the object afterwards.</summary>
    public void Complete()
    {
        _completion.SetResult(Decision);
        Leave();
    }

    /// <summary>Lets the caller go on with an <see cref="OperationCanceledException"/>. The lane must not use the object
    /// afterwards.</summary>
    public void Cancel()
    {
        _completion.SetException(new OperationCanceledException(CancellationToken));
        Leave();
    }

    ValueTaskSourceStatus IValueTaskSource<RateLimitDecision>.GetStatus(short token)
        => VersionOf(Volatile.Read(ref _state)) == token ? _completion.GetStatus(token) : throw Misuse();

    RateLimitDecision IValueTaskSource<RateLimitDecision>.GetResult(short token)
    {
        if (VersionOf(Volatile.Read(ref _state)) != token || _completion.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            throw Misuse();
        }

        if (!TryClaim(token, Claimed, forbidden: Claimed, users: 0))
        {
            throw Misuse();
        }

        try
        {
            return _completion.GetResult(token);
        }
        finally
        {
            Leave();
        }
    }

    void IValueTaskSource<RateLimitDecision>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        if (!TryClaim(token, Awaited, forbidden: Awaited | Claimed, users: 1))
        {
            // An exception from here would end the process: behind an await there is nobody to take it. From GetResult, where this leads,
            // it reaches the caller.
            ThreadPool.UnsafeQueueUserWorkItem(continuation, state, preferLocal: false);
            return;
        }

        try
        {
            // No context of the caller's is called from the lane, which serves others as well: it only queues to the thread pool.
            if (CallerContext.Capture(continuation, state, flags) is { } context)
            {
                _completion.OnCompleted(CallerContext.Resume, context, token, ValueTaskSourceOnCompletedFlags.None);
            }
            else
            {
                _completion.OnCompleted(continuation, state, token, flags & ~ValueTaskSourceOnCompletedFlags.UseSchedulingContext);
            }
        }
        finally
        {
            Leave();
        }
    }

    private static short VersionOf(int state) => (short)(state >> VersionShift);

    private static InvalidOperationException Misuse()
        => new("The decision is not there yet, or was taken already. Await the ValueTask once and only once, or call AsTask() first.");

    private bool TryClaim(short token, int step, int forbidden, int users)
    {
        int seen = Volatile.Read(ref _state);
        while (true)
        {
            if (VersionOf(seen) != token || (seen & forbidden) != 0)
            {
                return false;
            }

            int before = Interlocked.CompareExchange(ref _state, (seen | step) + users, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }
    }

    // The last user hands the object back.
    private void Leave()
    {
        if ((Interlocked.Decrement(ref _state) & Users) == 0)
        {
            Recycle();
        }
    }

    private void Recycle()
    {
        _completion.Reset();
        ((Span<Charge>)_charges).Clear();
        CancellationToken = default;
        Decision = default;
        Next = null;

        // Versions have 16 bits. Before they begin again the object is left to the garbage collector: a task that was kept for so long must
        // not fit by chance.
        if (_completion.Version != -1)
        {
            Volatile.Write(ref _state, (_completion.Version << VersionShift) | FirstUsers);
            _pool?.Return(this);
        }
    }
}
