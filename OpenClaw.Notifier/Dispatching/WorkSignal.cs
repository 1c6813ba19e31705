namespace OpenClaw.Notifier.Dispatching;

/// <summary>Wakes a channel's dispatcher when there may be deliveries to make.</summary>
internal sealed class WorkSignal
{
    private readonly SemaphoreSlim _signal = new(0, 1);

    public void Set()
    {
        try
        {
            _signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // The signal is set already.
        }
    }

    /// <summary>Waits for the signal, at most for a time.</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken) => _signal.WaitAsync(longest, cancellationToken);
}
