using System.Threading.Tasks.Sources;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>Caller waiting for its decision. Rented from a pool and returned when neither the batch nor the caller uses it any more, so
/// that waiting allocates nothing.</summary>
/// <remarks>A caller may misuse its task: take the result too early, twice, or on two threads at once. Only that caller gets an exception.
/// The object returns to the pool only when it is unused, and a task of an earlier use is never mistaken for the current one.</remarks>
internal sealed class PendingDecision : IValueTaskSource<RateLimitDecision>
{
    // The state is one word, so that a single exchange checks the version of the task and claims a step: version (upper 16 bits), claimed
    // steps, number of users.
    private const int Users = 0xFF;
    private const int Awaited = 0x100;
    private const int Claimed = 0x200;
    private const int VersionShift = 16;

    // The batch, which completes the decision, and the caller, which takes the result.
    private const int InitialUsers = 2;

    private readonly PendingDecisionPool? _pool;
    private ManualResetValueTaskSourceCore<RateLimitDecision> _completion;
    private int _state = InitialUsers;

    // Stored in place: charges are copied in when the object is rented, indexes when it joins a batch.
    private ChargeList _charges;
    private PartitionIndexes _partitions;

    public PendingDecision(PendingDecisionPool? pool = null)
    {
        _pool = pool;
        _completion.RunContinuationsAsynchronously = true;
    }

    public Operation Operation { get; private set; }

    public int Count { get; private set; }

    /// <summary>Buckets that a debit or a refund applies to; all for other operations.</summary>
    public byte Buckets { get; private set; }

    /// <summary>Whether this is a part of a decision that takes several calls, and is not recorded by itself.</summary>
    public bool IsPart { get; private set; }

    public CancellationToken CancellationToken { get; private set; }

    /// <summary>Arrival, as a timestamp of the limiter's clock.</summary>
    public long EnqueuedAt { get; set; }

    /// <summary>Next decision in the queue, or in the same entry of a batch.</summary>
    public PendingDecision? Next { get; set; }

    /// <summary>The decision, once the batch is settled.</summary>
    public RateLimitDecision Decision { get; set; }

    public ReadOnlySpan<Charge> Charges => ((ReadOnlySpan<Charge>)_charges)[..Count];

    /// <summary>Index in the batch of each charge's partition.</summary>
    public Span<int> Partitions => ((Span<int>)_partitions)[..Count];

    /// <summary>Task of the caller.</summary>
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

    /// <summary>Completes the task with <see cref="Decision"/>. The batch must not use the object afterwards.</summary>
    public void Complete()
    {
        _completion.SetResult(Decision);
        Leave();
    }

    /// <summary>Completes the task with an <see cref="OperationCanceledException"/>. The queue must not use the object
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

    void IValueTaskSource<RateLimitDecision>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        if (!TryClaim(token, Awaited, forbidden: Awaited | Claimed, users: 1))
        {
            // An exception from here would end the process, since no code behind an await catches it. The continuation calls GetResult,
            // whose exception reaches the caller.
            ThreadPool.UnsafeQueueUserWorkItem(continuation, state, preferLocal: false);
            return;
        }

        try
        {
            // The queue serves other callers as well, so it never calls into a caller's context: it only queues to the thread pool.
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
        => new("The decision is not ready, or its result was already taken. Await the ValueTask exactly once, or call AsTask() first.");

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

    // The last user returns the object to the pool.
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

        // Before its 16-bit version wraps around, the object is left to the garbage collector: an old task must not match by chance.
        if (_completion.Version != -1)
        {
            Volatile.Write(ref _state, (_completion.Version << VersionShift) | InitialUsers);
            _pool?.Return(this);
        }
    }
}
