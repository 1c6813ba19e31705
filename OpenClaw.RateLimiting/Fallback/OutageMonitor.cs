using Microsoft.Extensions.Logging;
using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Redis;
using OpenClaw.RateLimiting.Replicas;

namespace OpenClaw.RateLimiting.Fallback;

/// <summary>Keeps the circuits of the parts of Redis that fail independently, and reports on Redis as a whole: an outage begins when the
/// first circuit opens and ends when the last closes.</summary>
internal sealed class OutageMonitor : IRateLimiterHealth, IHeartbeatObserver
{
    private const int SlotsPerCircuit = 1024;

    private readonly Lock _gate = new();
    private readonly StoreCircuit[] _circuits;
    private readonly ReplicaCount _replicas;
    private readonly RedisRights _rights;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private string? _reason;
    private int _notClosed;
    private long _since;

    public OutageMonitor(int threshold, ReplicaCount replicas, RedisRights rights, TimeProvider time, ILogger logger)
    {
        _circuits = [.. Enumerable.Range(0, ClusterSlots.Count / SlotsPerCircuit).Select(_ => new StoreCircuit(threshold))];
        _replicas = replicas;
        _rights = rights;
        _time = time;
        _logger = logger;
    }

    public IReadOnlyList<StoreCircuit> Circuits => _circuits;

    /// <summary>Circuit of a cluster slot, since the nodes of a cluster fail independently. If Redis is not a cluster, the slot is -1 and
    /// the circuit always the same.</summary>
    public StoreCircuit Of(int slot) => _circuits[Math.Max(0, slot) / SlotsPerCircuit];

    public CircuitState Circuit => _circuits.Max(circuit => circuit.State);

    public string? Reason => Volatile.Read(ref _reason) is { } reason ? Describe(reason) : null;

    public int Replicas => _replicas.Current;

    /// <summary>Records a decision that failed or was late.</summary>
    public void Failed(StoreCircuit circuit, ReadOnlySpan<BatchPartition> partitions, string reason, string? detail)
        => Note(circuit, partitions, partitions[0].Name, reason, detail, isBeat: false);

    /// <inheritdoc/>
    public void BeatSucceeded(int slot) => Of(slot).BeatSucceeded();

    /// <inheritdoc/>
    public void BeatFailed(int slot, Exception exception)
    {
        string reason = FailureReason.Of(exception);
        if (reason == FailureReason.NoPermission)
        {
            // Redis answers. The right to count replicas is not needed for decisions.
            _rights.AreInDoubt = true;
            return;
        }

        Note(Of(slot), [], RedisNames.HeartbeatPartition, reason, FailureReason.DetailOf(exception), isBeat: true);
    }

    private void Note(
        StoreCircuit circuit, ReadOnlySpan<BatchPartition> partitions, string partition, string reason, string? detail, bool isBeat)
    {
        if (circuit.IsClosed)
        {
            // The lock keeps the log in order: the beginning of an outage before its end. Failures are rare while the circuit is closed.
            lock (_gate)
            {
                circuit.RefusedKeys = reason == FailureReason.NoPermission ? KeysOf(partitions) : [];
                NoteRights(reason, circuit.RefusedKeys);
                if ((isBeat ? circuit.BeatFailed(partition) : circuit.Failed(partition)) && ++_notClosed == 1)
                {
                    _since = _time.GetTimestamp();
                    Volatile.Write(ref _reason, reason);
                    string? known = reason == FailureReason.NoPermission ? _rights.Missing ?? detail : detail;
                    Log.OutageBegan(_logger, reason, known is null ? "" : $": {known}", Replicas);
                }
            }
        }
    }

    /// <summary>Records the result of a probe.</summary>
    /// <param name="circuit">Circuit that was probed.</param>
    /// <param name="reason">Why the probe failed; null if it succeeded.</param>
    public void Probed(StoreCircuit circuit, string? reason)
    {
        lock (_gate)
        {
            circuit.EndProbe(succeeded: reason is null);
            if (reason is not null)
            {
                Volatile.Write(ref _reason, reason);
                NoteRights(reason, [.. circuit.RefusedKeys, RedisNames.ProbePartition(circuit.FailedPartition)]);
            }
            else if (--_notClosed == 0)
            {
                Volatile.Write(ref _reason, null);
                _rights.AreInDoubt = true;
                Log.OutageEnded(_logger, _time.GetElapsedTime(_since).TotalSeconds);
            }
        }
    }

    private void NoteRights(string reason, PartitionKey[] keys)
    {
        if (reason == FailureReason.NoPermission)
        {
            _rights.RefusedKeys = keys;
            _rights.AreInDoubt = true;
        }
    }

    private static PartitionKey[] KeysOf(ReadOnlySpan<BatchPartition> partitions)
    {
        var keys = new PartitionKey[partitions.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = partitions[i].Key;
        }

        return keys;
    }

    private string Describe(string reason)
        => reason == FailureReason.NoPermission && _rights.Missing is { } missing ? $"{reason}: {missing}" : reason;
}
