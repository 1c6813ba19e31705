namespace OpenClaw.RateLimiting.Tests.Redis;

/// <summary>The clock of a replica whose time is wrong.</summary>
internal sealed class SkewedClock(TimeSpan skew) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + skew;
}
