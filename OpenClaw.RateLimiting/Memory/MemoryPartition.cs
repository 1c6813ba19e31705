using OpenClaw.RateLimiting.Batching;

namespace OpenClaw.RateLimiting.Memory;

/// <summary>State of one partition in memory, as the script keeps it in one Redis key.</summary>
internal sealed class MemoryPartition
{
    /// <summary>Largest step back of a clock that is ignored, in microseconds. The state then keeps its own, later time.</summary>
    public const long Jitter = 1_000_000;

    private BucketArithmetic[] _numbers = [];
    private long[] _deficits = [];
    private long _time;
    private long _blockedUntil;

    /// <summary>Time from which the state can be forgotten: buckets are full, the block is over, and the clock does not step back that
    /// far.</summary>
    public long ForgetAt { get; private set; }

    /// <summary>Numbers that the state is counted in; empty before the first save.</summary>
    public BucketArithmetic[] Numbers => _numbers;

    /// <summary>Copies the state as of <paramref name="now"/>, in microseconds, into the batch.</summary>
    public void Load(BatchPartition into, long now)
    {
        long time = TimeAt(now);
        into.NeedsRepair = _time - now > Jitter;
        into.BlockedFor = Math.Max(0, _blockedUntil - time);
        for (var i = 0; i < into.Numbers.Length; i++)
        {
            into.Deficits[i] = into.Numbers[i].Refill(Adopted(into.Numbers[i]), time - _time);
        }
    }

    /// <summary>Takes over the state that the batch left.</summary>
    public void Save(BatchPartition from, long now)
    {
        _time = TimeAt(now);
        _numbers = from.Numbers;
        _deficits = from.Deficits.ToArray();
        _blockedUntil = from.BlockedFor > 0 ? _time + from.BlockedFor : 0;
        long forgetAt = Math.Max(_time, _blockedUntil);
        for (var i = 0; i < _numbers.Length; i++)
        {
            forgetAt = Math.Max(forgetAt, _time + (_numbers[i].TimeToFull(_deficits[i]).Ticks / TimeSpan.TicksPerMicrosecond));
        }

        ForgetAt = forgetAt + Jitter;
    }

    private long TimeAt(long now) => _time > now && _time - now <= Jitter ? _time : now;

    // Deficit under other limits: a bucket keeps its balance in proportion, and a new bucket is full.
    private long Adopted(BucketArithmetic numbers)
    {
        for (var i = 0; i < _numbers.Length; i++)
        {
            if (_numbers[i].Tag == numbers.Tag)
            {
                return numbers.Scale(_deficits[i], _numbers[i].Capacity);
            }
        }

        return 0;
    }
}
