namespace OpenClaw.RateLimiting.Batching;

/// <summary>Sends the decisions of some partitions to the store in order of arrival, one batch at a time. A decision that finds the lane idle goes out at once; those that
/// arrive while a batch is under way form the next one, so that batches grow with the load and nobody waits for a timer.</summary>
internal sealed class Lane(IDecisionStore store, int maxPartitions, int maxDecisions)
{
    private readonly Lock _lock = new();
    private DecisionBatch _batch = new(maxPartitions, maxDecisions);
    private DecisionBatch _spare = new(maxPartitions, maxDecisions);
    private PendingDecision? _first;
    private PendingDecision? _last;
    private bool _busy;

    public void Enqueue(PendingDecision pending)
    {
        lock (_lock)
        {
            if (_last is null)
            {
                _first = pending;
            }
            else
            {
                _last.Next = pending;
            }

            _last = pending;
            if (_busy)
            {
                return;
            }

            _busy = true;
        }

        _ = SendAsync();
    }

    // Runs while there is anything to send. Never throws.
    private async Task SendAsync()
    {
        DecisionBatch? answered = null;
        while (true)
        {
            if (!TryFill(_batch, mayRest: answered is null))
            {
                if (answered is null)
                {
                    return;
                }

                answered.Complete();
                answered = null;
                continue;
            }

            // The next batch is on its way before the callers of the last one go on.
            ValueTask call = store.DecideAsync(_batch, CancellationToken.None);
            answered?.Complete();
            try
            {
                await call;
            }
            catch (Exception)
            {
                _batch.AnswerUnseen();
            }

            answered = _batch;
            (_batch, _spare) = (_spare, _batch);
        }
    }

    // Moves what is queued into the batch as far as it has room. False when there is nothing; the lane is then idle, if it may rest.
    private bool TryFill(DecisionBatch batch, bool mayRest)
    {
        lock (_lock)
        {
            while (_first is { } pending)
            {
                PendingDecision? next = pending.Next;
                if (pending.CancellationToken.IsCancellationRequested)
                {
                    pending.Cancel();
                }
                else if (!batch.TryAdd(pending))
                {
                    return true;
                }

                _first = next;
                _last = next is null ? null : _last;
            }

            _busy = batch.Decisions > 0 || !mayRest;
            return batch.Decisions > 0;
        }
    }
}
