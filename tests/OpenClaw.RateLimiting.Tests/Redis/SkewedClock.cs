namespace OpenClaw.RateLimiting.Tests.Redis;

/// <summary>The clock of a replica that is wrong in every way it can be read: the date and the timestamp are off, and the timestamp runs 5
/// % too fast or too slow.</summary>
internal sealed class SkewedClock(TimeSpan skew) : TimeProvider
{
    private readonly long _start = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + skew;

    public override long GetTimestamp()
    {
        long now = base.GetTimestamp();
        return now + ((now - _start) / 20 * skew.Ticks.CompareTo(0)) + (long)(skew.TotalSeconds * TimestampFrequency);
    }
}
