namespace OpenClaw.RateLimiting.Replicas;

/// <summary>Number of live replicas, as reported by heartbeats. A higher count applies at once, a lower one after a whole heartbeat
/// lifetime: after Redis has lost its data, it learns of the replicas one by one, and shares must not grow meanwhile.</summary>
internal sealed class ReplicaCount(int assumed, TimeSpan settleTime, TimeProvider time)
{
    private readonly Lock _gate = new();
    private int _current = assumed;
    private bool _isKnown;
    private int _highestSinceLower;
    private long? _lowerSince;

    /// <summary>At least 1. Until the first report, the number that the options assume. It is kept while Redis is unavailable.</summary>
    public int Current => Volatile.Read(ref _current);

    /// <summary>Records a reported count.</summary>
    public void Record(int count)
    {
        count = Math.Clamp(count, 1, BucketArithmetic.MaxShares);
        lock (_gate)
        {
            if (!_isKnown || count >= _current)
            {
                _isKnown = true;
                Settle(count);
                return;
            }

            _lowerSince ??= time.GetTimestamp();
            _highestSinceLower = Math.Max(_highestSinceLower, count);
            if (time.GetElapsedTime(_lowerSince.Value) >= settleTime)
            {
                Settle(_highestSinceLower);
            }
        }
    }

    /// <summary>Records a missing report. A lower count must then be reported for another whole lifetime.</summary>
    public void RecordMissing()
    {
        lock (_gate)
        {
            _lowerSince = null;
            _highestSinceLower = 0;
        }
    }

    private void Settle(int count)
    {
        Volatile.Write(ref _current, count);
        _lowerSince = null;
        _highestSinceLower = 0;
    }
}
