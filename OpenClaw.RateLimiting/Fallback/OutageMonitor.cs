using Microsoft.Extensions.Logging;
using OpenClaw.RateLimiting.Redis;
using OpenClaw.RateLimiting.Replicas;

namespace OpenClaw.RateLimiting.Fallback;

/// <summary>Knows whether Redis decides. Its circuits stand for the parts of Redis that fail on their own; what it logs and tells is about the whole: an outage
/// begins with the first circuit that opens and ends when the last has closed.</summary>
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

    /// <summary>The circuit of a slot of a Redis Cluster, whose nodes fail one by one; always the same one for any other Redis, whose slot is -1.</summary>
    public StoreCircuit Of(int slot) => _circuits[Math.Max(0, slot) / SlotsPerCircuit];

    public CircuitState Circuit => _circuits.Max(circuit => circuit.State);

    public string? Reason => Volatile.Read(ref _reason) is { } reason ? Describe(reason) : null;

    public int Replicas => _replicas.Current;

    /// <summary>Notes a decision that failed or was late.</summary>
    public void Failed(StoreCircuit circuit, string partition, string reason, string? detail) => Note(circuit, partition, reason, detail, isBeat: false);

    /// <inheritdoc/>
    public void BeatSucceeded(int slot) => Of(slot).BeatSucceeded();

    /// <inheritdoc/>
    public void BeatFailed(int slot, Exception exception)
    {
        string reason = FailureReason.Of(exception);
        if (reason == FailureReason.NoPermission)
        {
            // Redis answers; that the user may not be counted says nothing about decisions.
            _rights.AreInDoubt = true;
            return;
        }

        Note(Of(slot), RedisNames.HeartbeatPartition, reason, FailureReason.DetailOf(exception), isBeat: true);
    }

    private void Note(StoreCircuit circuit, string partition, string reason, string? detail, bool isBeat)
    {
        _rights.AreInDoubt |= reason == FailureReason.NoPermission;
        if (circuit.IsClosed)
        {
            // The end of an outage may not be told before its beginning. Failures are few while the circuit is closed.
            lock (_gate)
            {
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

    /// <summary>Ends a probe.</summary>
    /// <param name="circuit">The circuit it was for.</param>
    /// <param name="reason">Why it failed; null when it succeeded.</param>
    public void Probed(StoreCircuit circuit, string? reason)
    {
        lock (_gate)
        {
            circuit.EndProbe(succeeded: reason is null);
            if (reason is not null)
            {
                Volatile.Write(ref _reason, reason);
                _rights.AreInDoubt |= reason == FailureReason.NoPermission;
            }
            else if (--_notClosed == 0)
            {
                Volatile.Write(ref _reason, null);
                _rights.AreInDoubt = true;
                Log.OutageEnded(_logger, _time.GetElapsedTime(_since).TotalSeconds);
            }
        }
    }

    private string Describe(string reason) => reason == FailureReason.NoPermission && _rights.Missing is { } missing ? $"{reason}: {missing}" : reason;
}
