namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>Lets through a number per second, in bursts of a second's worth. Lock-free, and allocates nothing.</summary>
internal sealed class RateGate(int perSecond, TimeProvider time)
{
    private readonly long _interval = perSecond == 0 ? 0 : Math.Max(1, time.TimestampFrequency / perSecond);

    // Time at which the allowance used so far is restored. If that was a second ago or more, a full burst is available.
    private long _usedUntil = long.MinValue;

    public bool TryPass()
    {
        if (perSecond == 0)
        {
            return false;
        }

        long now = time.GetTimestamp();
        while (true)
        {
            long usedUntil = Volatile.Read(ref _usedUntil);
            long next = Math.Max(usedUntil, now - time.TimestampFrequency) + _interval;
            if (next > now)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _usedUntil, next, usedUntil) == usedUntil)
            {
                return true;
            }
        }
    }
}
