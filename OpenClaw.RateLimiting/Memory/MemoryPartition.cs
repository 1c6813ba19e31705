using OpenClaw.RateLimiting.Batching;

namespace OpenClaw.RateLimiting.Memory;

/// <summary>The state of one partition in memory: what the script keeps in one Redis key, under the same rules.</summary>
internal sealed class MemoryPartition
{
    /// <summary>How far a clock may step back unnoticed, in microseconds. The state then keeps its own, later time.</summary>
    public const long Jitter = 1_000_000;

    private BucketNumbers[] _numbers = [];
    private long[] _deficits = [];
    private long _time;
    private long _blockedUntil;

    /// <summary>Time from which there is nothing to remember: the buckets are full, the block is over, and no clock steps back that far.</summary>
    public long ForgetAt { get; private set; }

    /// <summary>The numbers that the state is counted in; none before it was saved.</summary>
    public BucketNumbers[] Numbers => _numbers;

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

    /// <summary>Takes the state back as the batch left it.</summary>
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

    // Under other numbers a bucket keeps its balance in proportion; one that is new is full.
    private long Adopted(BucketNumbers numbers)
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
