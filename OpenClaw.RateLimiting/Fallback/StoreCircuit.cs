namespace OpenClaw.RateLimiting.Fallback;

/// <summary>A circuit breaker: closed until <paramref name="threshold"/> calls fail in a row, then open until a probe succeeds. Safe for concurrent use.</summary>
/// <remarks>Decisions and heartbeats both count as calls, but a heartbeat that succeeds says nothing about decisions: only a decision that succeeds makes their failures
/// forgotten. However seldom decisions are asked for, the circuit opens when they fail.</remarks>
internal sealed class StoreCircuit(int threshold)
{
    private int _state;
    private int _failures;
    private int _missedBeats;

    public CircuitState State => (CircuitState)Volatile.Read(ref _state);

    /// <summary>Calls may be sent. One volatile read: it is asked for every batch.</summary>
    public bool IsClosed => Volatile.Read(ref _state) == (int)CircuitState.Closed;

    /// <summary>A partition whose decision failed: a probe asks the server that decides it.</summary>
    public string FailedPartition { get; private set; } = "";

    /// <summary>A decision succeeded. Does not close an open circuit: a late answer says how Redis was, a probe says how it is.</summary>
    public void Succeeded()
    {
        if (Volatile.Read(ref _failures) != 0)
        {
            Volatile.Write(ref _failures, 0);
        }

        BeatSucceeded();
    }

    /// <summary>A heartbeat succeeded.</summary>
    public void BeatSucceeded()
    {
        if (Volatile.Read(ref _missedBeats) != 0)
        {
            Volatile.Write(ref _missedBeats, 0);
        }
    }

    /// <summary>A decision failed, or was not answered in time.</summary>
    /// <returns>True when this failure opened the circuit.</returns>
    public bool Failed(string partition) => Count(ref _failures, partition);

    /// <summary>A heartbeat failed, or was not answered in time.</summary>
    /// <returns>True when this failure opened the circuit.</returns>
    public bool BeatFailed(string partition) => Count(ref _missedBeats, partition);

    private bool Count(ref int failures, string partition)
    {
        Interlocked.Increment(ref failures);
        if (Volatile.Read(ref _failures) + Volatile.Read(ref _missedBeats) < threshold)
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
        Volatile.Write(ref _missedBeats, 0);
        Volatile.Write(ref _state, (int)(succeeded ? CircuitState.Closed : CircuitState.Open));
    }
}
