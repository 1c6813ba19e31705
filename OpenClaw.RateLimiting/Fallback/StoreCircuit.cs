using OpenClaw.RateLimiting.Batching;

namespace OpenClaw.RateLimiting.Fallback;

/// <summary>A circuit breaker: closed until <paramref name="threshold"/> calls fail in a row, then open until a probe succeeds. Safe for
/// concurrent use.</summary>
/// <remarks>Decisions and heartbeats are counted separately. Only a successful decision resets the count of failed decisions; a successful
/// heartbeat does not. The circuit therefore also opens when decisions are rare.</remarks>
internal sealed class StoreCircuit(int threshold)
{
    private int _state;
    private int _failures;
    private int _missedBeats;

    public CircuitState State => (CircuitState)Volatile.Read(ref _state);

    /// <summary>Whether calls may be sent. One volatile read, since every batch asks.</summary>
    public bool IsClosed => Volatile.Read(ref _state) == (int)CircuitState.Closed;

    /// <summary>Partition whose decision failed: a probe asks the server that decides it.</summary>
    public string FailedPartition { get; private set; } = "";

    /// <summary>Keys of which the Redis user may have no access to at least one, all in one cluster slot: a probe tries them, too. Empty if
    /// the decision failed for another reason.</summary>
    public PartitionKey[] RefusedKeys { get; set; } = [];

    /// <summary>Records a successful decision. It does not close an open circuit, since a late reply may be older than the failures; only a
    /// probe does.</summary>
    public void Succeeded()
    {
        if (Volatile.Read(ref _failures) != 0)
        {
            Volatile.Write(ref _failures, 0);
        }

        BeatSucceeded();
    }

    /// <summary>Records a successful heartbeat.</summary>
    public void BeatSucceeded()
    {
        if (Volatile.Read(ref _missedBeats) != 0)
        {
            Volatile.Write(ref _missedBeats, 0);
        }
    }

    /// <summary>Records a decision that failed or was late.</summary>
    /// <returns>True if this failure opened the circuit.</returns>
    public bool Failed(string partition) => Count(ref _failures, partition);

    /// <summary>Records a heartbeat that failed or was late.</summary>
    /// <returns>True if this failure opened the circuit.</returns>
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

    /// <summary>Starts a probe; false if the circuit is closed or a probe is under way.</summary>
    public bool TryStartProbe() =>
        Interlocked.CompareExchange(ref _state, (int)CircuitState.HalfOpen, (int)CircuitState.Open) == (int)CircuitState.Open;

    /// <summary>Ends a probe: success closes the circuit, failure opens it again.</summary>
    public void EndProbe(bool succeeded)
    {
        Volatile.Write(ref _failures, 0);
        Volatile.Write(ref _missedBeats, 0);
        Volatile.Write(ref _state, (int)(succeeded ? CircuitState.Closed : CircuitState.Open));
    }
}
