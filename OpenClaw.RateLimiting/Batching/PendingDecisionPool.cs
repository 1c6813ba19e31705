using System.Collections.Concurrent;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>Keeps a bounded number of objects for reuse; the garbage collector takes the others.</summary>
internal sealed class PendingDecisionPool
{
    private const int MaxIdle = 4096;

    private readonly ConcurrentQueue<PendingDecision> _idle = new();
    private int _count;

    public PendingDecision Rent()
    {
        if (_idle.TryDequeue(out PendingDecision? pending))
        {
            Interlocked.Decrement(ref _count);
            return pending;
        }

        return new PendingDecision(this);
    }

    public void Return(PendingDecision pending)
    {
        if (Interlocked.Increment(ref _count) <= MaxIdle)
        {
            _idle.Enqueue(pending);
        }
        else
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
