using System.Threading.RateLimiting;

namespace OpenClaw.RateLimiting.Adapters;

/// <summary>One partition of a policy as a <see cref="RateLimiter"/>, for code written against
/// <c>System.Threading.RateLimiting</c>.</summary>
/// <remarks>Only <see cref="RateLimiter.AcquireAsync"/> decides. <see cref="RateLimiter.AttemptAcquire"/> cannot ask Redis without blocking
/// a thread, so it denies and charges nothing; the ASP.NET Core middleware then uses the asynchronous path. The state is in the shared
/// limiter: disposing this object loses nothing.</remarks>
public sealed class SharedRateLimiter : RateLimiter
{
    private readonly IRateLimiterClient _limiter;
    private readonly RateLimitPolicy _policy;
    private readonly string _partition;
    private readonly TimeProvider _timeProvider;
    private long _available;
    private long _successful;
    private long _failed;
    private long _usedAt;
    private int _pending;
    private volatile bool _disposed;

    /// <summary>Creates a limiter for one partition.</summary>
    /// <param name="limiter">Makes the decisions.</param>
    /// <param name="policy">Policy whose buckets are charged.</param>
    /// <param name="partition">Partition that is charged: 1 to 256 characters.</param>
    /// <param name="timeProvider">Measures <see cref="IdleDuration"/>. Default: the system clock.</param>
    public SharedRateLimiter(IRateLimiterClient limiter, RateLimitPolicy policy, string partition, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(limiter);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentException.ThrowIfNullOrEmpty(partition);
        _limiter = limiter;
        _policy = policy;
        _partition = partition;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _available = policy.Buckets.Where(bucket => !bucket.Shadow).Select(bucket => bucket.Capacity).DefaultIfEmpty(long.MaxValue).Min();
        _usedAt = _timeProvider.GetTimestamp();
    }

    /// <summary>Time since the last decision; null while one is under way. The runtime drops idle limiters; that loses nothing.</summary>
    public override TimeSpan? IdleDuration
        => Volatile.Read(ref _pending) > 0 ? null : _timeProvider.GetElapsedTime(Volatile.Read(ref _usedAt));

    /// <summary>Permits left after the last decision, decisions under way, and leases so far. Denials by the synchronous path are not
    /// decisions and not counted.</summary>
    public override RateLimiterStatistics GetStatistics() => new()
    {
        CurrentAvailablePermits = Volatile.Read(ref _available),
        CurrentQueuedCount = Volatile.Read(ref _pending),
        TotalSuccessfulLeases = Volatile.Read(ref _successful),
        TotalFailedLeases = Volatile.Read(ref _failed),
    };

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);

        // A request for zero permits asks whether any are available. The last known number answers it.
        return permitCount == 0 && Volatile.Read(ref _available) > 0 ? SharedRateLimitLease.Acquired : SharedRateLimitLease.Undecided;
    }

    /// <inheritdoc/>
    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Interlocked.Increment(ref _pending);
        try
        {
            RateLimitDecision decision = await _limiter.DecideAsync([new Charge(_policy, _partition, permitCount)], cancellationToken);
            long available = Available(decision);
            Volatile.Write(ref _available, available);
            bool acquired = decision.IsAllowed && (permitCount > 0 || available > 0);
            Interlocked.Increment(ref acquired ? ref _successful : ref _failed);
            return new SharedRateLimitLease(acquired, decision);
        }
        finally
        {
            try
            {
                Volatile.Write(ref _usedAt, _timeProvider.GetTimestamp());
            }
            finally
            {
                Interlocked.Decrement(ref _pending);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _disposed = true;

    // Tokens in the emptiest enforcing bucket. Without any bucket, allowed means unlimited and denied means none.
    private static long Available(in RateLimitDecision decision)
    {
        var least = long.MaxValue;
        foreach (BucketStatus bucket in decision.Buckets)
        {
            least = bucket.Bucket.Shadow ? least : Math.Min(least, bucket.Remaining);
        }

        return decision.BlockedFor > TimeSpan.Zero || (least == long.MaxValue && !decision.IsAllowed) ? 0 : least;
    }
}
