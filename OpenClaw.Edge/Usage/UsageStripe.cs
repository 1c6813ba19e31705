namespace OpenClaw.Edge.Usage;

/// <summary>One of several places that record usage, so that requests on different processors do not wait for each other.</summary>
internal sealed class UsageStripe(int trackedClients)
{
    private UsageFrame _frame = new(trackedClients);
    private UsageFrame _spare = new(trackedClients);
    private int _isTaken;

    /// <summary>Records a decision; false when the stripe is in use.</summary>
    public bool TryAdd(in UsageRecord record)
    {
        if (Interlocked.CompareExchange(ref _isTaken, 1, 0) != 0)
        {
            return false;
        }

        try
        {
            _frame.Add(record);
        }
        finally
        {
            Volatile.Write(ref _isTaken, 0);
        }

        return true;
    }

    /// <summary>Takes what was recorded since the last call. The result is valid until the next call.</summary>
    public UsageFrame Drain()
    {
        _spare.Clear();
        SpinWait wait = default;
        while (Interlocked.CompareExchange(ref _isTaken, 1, 0) != 0)
        {
            wait.SpinOnce();
        }

        (_frame, _spare) = (_spare, _frame);
        Volatile.Write(ref _isTaken, 0);
        return _spare;
    }
}
