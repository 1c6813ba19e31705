using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace OpenClaw.RateLimiting.AspNetCore.Policies;

/// <summary>Makes the charges of a <see cref="ChargeSet"/>. Only the asynchronous path decides: asking Redis synchronously would block a
/// thread. The state is in the shared limiter, so the runtime may drop this object when it is idle.</summary>
internal sealed class ChargeLimiter(RedisPolicy policy, ChargeSet set) : RateLimiter
{
    private long _usedAt = Environment.TickCount64;
    private int _pending;

    public override TimeSpan? IdleDuration => Volatile.Read(ref _pending) > 0
        ? null
        : TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref _usedAt));

    public override RateLimiterStatistics? GetStatistics() => null;

    protected override RateLimitLease AttemptAcquireCore(int permitCount) => ChargeLease.Undecided;

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        // The current request. Other requests may share this limiter.
        HttpContext? context = RedisPolicy.TakeRequest();
        Interlocked.Increment(ref _pending);
        try
        {
            RateLimitDecision decision = await policy.Limiter.DecideAsync(set.Charges, cancellationToken);
            if (context is not null)
            {
                policy.WriteHeaders(context, decision, set.Responses);
            }

            return new ChargeLease(decision, set.Responses);
        }
        finally
        {
            Volatile.Write(ref _usedAt, Environment.TickCount64);
            Interlocked.Decrement(ref _pending);
        }
    }
}
