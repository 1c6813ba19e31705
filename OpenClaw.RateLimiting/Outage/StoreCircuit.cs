namespace OpenClaw.RateLimiting.Outage;

/// <summary>A circuit breaker: closed until <paramref name="threshold"/> calls fail in a row, then open until a probe succeeds. Safe for concurrent use.</summary>
internal sealed class StoreCircuit(int threshold)
{
    private int _state;
    private int _failures;

    public CircuitState State => (CircuitState)Volatile.Read(ref _state);

    /// <summary>Calls may be sent. One volatile read: it is asked for every batch.</summary>
    public bool IsClosed => Volatile.Read(ref _state) == (int)CircuitState.Closed;

    /// <summary>A partition whose decision failed: a probe asks the server that decides it.</summary>
    public string FailedPartition { get; private set; } = "";

    /// <summary>A call succeeded. Does not close an open circuit: a late answer says how Redis was, a probe says how it is.</summary>
    public void Succeeded()
    {
        if (Volatile.Read(ref _failures) != 0)
        {
            Volatile.Write(ref _failures, 0);
        }
    }

    /// <summary>A call failed, or was not answered in time.</summary>
    /// <returns>True when this failure opened the circuit.</returns>
    public bool Failed(string partition)
    {
        if (Interlocked.Increment(ref _failures) < threshold)
        {
            return false;
        }

        FailedPartition = partition;
        return Interlocked.CompareExchange(ref _state, (int)CircuitState.Open, (int)CircuitState.Closed) == (int)CircuitState.Closed;
    }

    /// <summary>Takes the one place that an open circuit has for a probe.</summary>
    public bool TryStartProbe() =>
        Interlocked.CompareExchange(ref _state, (int)CircuitState.HalfOpen, (int)CircuitState.Open) == (int)CircuitState.Open;

    /// <summary>Ends the probe: a success closes the circuit, a failure opens it again.</summary>
    public void EndProbe(bool succeeded)
    {
        Volatile.Write(ref _failures, 0);
        Volatile.Write(ref _state, (int)(succeeded ? CircuitState.Closed : CircuitState.Open));
    }
}
