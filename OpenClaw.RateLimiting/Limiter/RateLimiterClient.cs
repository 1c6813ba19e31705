using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.DenyCaching;
using OpenClaw.RateLimiting.Fallback;
using OpenClaw.RateLimiting.Memory;
using OpenClaw.RateLimiting.Redis;
using OpenClaw.RateLimiting.Replicas;
using OpenClaw.RateLimiting.Telemetry;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Limiter;

/// <summary>Decides whether to allow requests, by token buckets in Redis. Decisions that arrive while others are under way share a round
/// trip, in order of arrival.</summary>
public sealed class RateLimiterClient : IRateLimiterClient, IRateLimiterAdmin, IAsyncDisposable, IDisposable
{
    // 100 years: the end of a block within the next century is exact as a double, in microseconds.
    private static readonly TimeSpan MaxBlock = TimeSpan.FromDays(36_500);

    private readonly TimeProvider _timeProvider;
    private readonly PendingDecisionPool _pool = new();
    private readonly BatchQueues _queues;
    private readonly DenyCache _denyCache;
    private readonly RateLimitMetrics? _metrics;
    private readonly InvalidationListener? _listener;
    private readonly FallbackLayer? _fallback;
    private int _disposed;

    /// <summary>Creates a limiter that shares its buckets with every other one on the same Redis with the same key prefix.</summary>
    /// <param name="redis">Connection, configured with <see cref="RedisConnection.Configure"/>.</param>
    /// <param name="options">Settings.</param>
    /// <param name="timeProvider">Clock of deadlines and local decisions. Decisions in Redis use the clock of Redis.</param>
    /// <param name="loggerFactory">Creates the logger.</param>
    /// <param name="meterFactory">Creates the meter.</param>
    /// <exception cref="ArgumentException">The options are invalid. The message lists all errors, one per line.</exception>
    public RateLimiterClient(
        IConnectionMultiplexer redis,
        RedisRateLimiterOptions options,
        TimeProvider timeProvider,
        ILoggerFactory loggerFactory,
        IMeterFactory meterFactory)
    {
        ArgumentNullException.ThrowIfNull(redis);
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(loggerFactory);
        ArgumentNullException.ThrowIfNull(meterFactory);
        Checked(options);
        ILogger logger = SafeLogger.Around(loggerFactory.CreateLogger<RateLimiterClient>());
        RedisNames names = new(options.KeyPrefix);
        _timeProvider = timeProvider;
        _metrics = new RateLimitMetrics(meterFactory);
        _denyCache = new DenyCache(options.DenyCacheEntries, timeProvider);
        if (options.DenyCacheEntries > 0)
        {
            _metrics.ObserveDenyCache(() => _denyCache.Count);
            _listener = new InvalidationListener(redis, names, _denyCache, timeProvider, logger);
        }

        RedisDecisionStore decisions = new(redis, names, timeProvider);
        RedisSignals signals = new(redis, names, options.ReplicaName, ReplicaHeartbeat.Lifetime, decisions);
        _fallback = new FallbackLayer(decisions, signals, options, timeProvider, logger, _metrics);
        Health = _fallback.Health;
        IDecisionStore store = _fallback.Store, fallback = _fallback.Local;
        _queues = new BatchQueues(
            slot => new BatchQueue(store, fallback, _denyCache, _metrics, timeProvider, logger, options, slot),
            options.Lanes,
            new ClusterSlots(redis, names));
    }

    /// <summary>Creates a limiter on any store. Without <paramref name="denyCache"/> no denial is cached.</summary>
    internal RateLimiterClient(
        IDecisionStore store,
        RedisRateLimiterOptions options,
        TimeProvider timeProvider,
        DenyCache? denyCache = null,
        RateLimitMetrics? metrics = null)
    {
        Checked(options);
        _timeProvider = timeProvider;
        _denyCache = denyCache ?? new DenyCache(0, timeProvider);
        _metrics = metrics;
        IDecisionStore fallback = new FailureModeStore(
            new ReplicaCount(options.AssumedReplicas, ReplicaHeartbeat.Lifetime, timeProvider),
            new FillLevelCache(1),
            options.MaxLocalPartitions,
            timeProvider);
        _queues = new BatchQueues(
            slot => new BatchQueue(store, fallback, _denyCache, metrics, timeProvider, NullLogger.Instance, options, slot),
            options.Lanes,
            slots: null);
    }

    /// <summary>Creates a limiter with buckets in this process, for a single replica without Redis and for tests. It decides exactly as a
    /// limiter on Redis does.</summary>
    public static RateLimiterClient InMemory(TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        return new RateLimiterClient(new MemoryDecisionStore(timeProvider), new RedisRateLimiterOptions { Lanes = 1 }, timeProvider);
    }

    /// <summary>State of Redis and number of replicas. A limiter without Redis is always healthy and the only replica.</summary>
    public IRateLimiterHealth Health { get; } = new InMemoryHealth();

    /// <inheritdoc/>
    public ValueTask<RateLimitDecision> DecideAsync(Charge charge, CancellationToken cancellationToken = default)
        => DecideAsync(new ReadOnlySpan<Charge>(in charge), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RateLimitDecision> DecideAsync(ReadOnlySpan<Charge> charges, CancellationToken cancellationToken = default)
    {
        ChargeValidator.Check(charges);
        if (_denyCache.TryDeny(charges, out RateLimitDecision denied))
        {
            if (_metrics is { IsEnabled: true })
            {
                _metrics.Decision(denied, charges[^1].Policy, TimeSpan.Zero);
            }

            return new ValueTask<RateLimitDecision>(denied);
        }

        return LimiterActivity.IsWanted(charges)
            ? DecideTracedAsync(charges.ToArray(), cancellationToken)
            : DecideInStoreAsync(charges, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask SettleAsync(Charge charge, long cost, RateLimitDecision decision, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        ArgumentOutOfRangeException.ThrowIfNegative(charge.Cost, nameof(charge));
        long difference = cost - charge.Cost;
        return difference > 0 ? DebitAsync(charge with { Cost = difference }, decision, cancellationToken)
            : difference < 0 ? RefundAsync(charge with { Cost = -difference }, decision, cancellationToken)
            : ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DebitAsync(Charge charge, RateLimitDecision? decision = null, CancellationToken cancellationToken = default)
        => SettleAsync(Operation.Debit, charge, decision, cancellationToken);

    /// <inheritdoc/>
    public ValueTask RefundAsync(Charge charge, RateLimitDecision? decision = null, CancellationToken cancellationToken = default)
        => decision is { } settled
            ? RefundBySourceAsync(charge, settled, cancellationToken)
            : SettleAsync(Operation.Refund, charge, decision: null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RateLimitDecision> InspectAsync(
        RateLimitPolicy policy, string partition, CancellationToken cancellationToken = default)
    {
        Charge charge = new(policy, partition, 0);
        ReadOnlySpan<Charge> charges = new(in charge);
        ChargeValidator.Check(charges);

        // Bypasses the deny cache and is not recorded, since an inspection is not a decision.
        return EnqueueAsync(Operation.Charge, charges, cancellationToken, isPart: true);
    }

    /// <inheritdoc/>
    public Task GrantAsync(Charge charge, CancellationToken cancellationToken = default)
        => ChangeAsync(Operation.Grant, charge, cancellationToken);

    /// <inheritdoc/>
    public Task ResetAsync(RateLimitPolicy policy, string partition, CancellationToken cancellationToken = default)
        => ChangeAsync(Operation.Reset, new Charge(policy, partition, 0), cancellationToken);

    /// <inheritdoc/>
    public Task BlockAsync(RateLimitPolicy policy, string partition, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, MaxBlock);
        var microseconds = (long)Math.Ceiling(duration.TotalMicroseconds);
        return ChangeAsync(Operation.Block, new Charge(policy, partition, microseconds), cancellationToken);
    }

    /// <inheritdoc/>
    public Task UnblockAsync(RateLimitPolicy policy, string partition, CancellationToken cancellationToken = default)
        => ChangeAsync(Operation.Block, new Charge(policy, partition, 0), cancellationToken);

    /// <summary>Stops listening to Redis and removes this replica from the list of live replicas. Pending decisions are still
    /// made.</summary>
    public async ValueTask DisposeAsync()
    {
        // A container disposes the limiter once for each type it is registered as.
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        if (_fallback is not null)
        {
            await _fallback.DisposeAsync();
        }

        if (_listener is not null)
        {
            await _listener.DisposeAsync();
        }
    }

    /// <summary>Starts <see cref="DisposeAsync"/> and does not wait for it.</summary>
    public void Dispose() => _ = DisposeAsync().AsTask();

    private ValueTask<RateLimitDecision> DecideInStoreAsync(ReadOnlySpan<Charge> charges, CancellationToken cancellationToken)
        => charges.Length > 1 && _queues.SpanSlots(charges)
            ? SplitDecision.DecideAsync(this, charges.ToArray(), cancellationToken)
            : EnqueueAsync(Operation.Charge, charges, cancellationToken);

    private async ValueTask<RateLimitDecision> DecideTracedAsync(Charge[] charges, CancellationToken cancellationToken)
    {
        Activity? activity = LimiterActivity.Start();
        try
        {
            RateLimitDecision decision = await DecideInStoreAsync(charges, cancellationToken);
            LimiterActivity.Describe(activity, charges, decision);
            return decision;
        }
        finally
        {
            LimiterActivity.Stop(activity);
        }
    }

    internal ValueTask<RateLimitDecision> EnqueueAsync(
        Operation operation,
        ReadOnlySpan<Charge> charges,
        CancellationToken cancellationToken,
        byte buckets = BucketSet.All,
        bool isPart = false)
    {
        BatchQueue queue = _queues.Of(charges);
        long enqueuedAt = _timeProvider.GetTimestamp();
        PendingDecision pending = _pool.Rent();
        pending.Prepare(operation, charges, cancellationToken, buckets, isPart);
        pending.EnqueuedAt = enqueuedAt;
        ValueTask<RateLimitDecision> task = pending.Task;
        queue.Enqueue(pending);
        return task;
    }

    /// <summary>Records a decision that was made in several parts.</summary>
    internal void Report(in RateLimitDecision decision, RateLimitPolicy last, long enqueuedAt)
    {
        if (_metrics is { IsEnabled: true })
        {
            _metrics.Decision(decision, last, _timeProvider.GetElapsedTime(enqueuedAt));
        }
    }

    /// <summary>Timestamp of the limiter's clock.</summary>
    internal long Now() => _timeProvider.GetTimestamp();

    // Returns tokens to their origin: the buckets in this process, or the store only.
    private async ValueTask RefundBySourceAsync(Charge charge, RateLimitDecision decision, CancellationToken cancellationToken)
    {
        ChargeValidator.Check([charge]);
        if (BucketSet.LocalIn(decision, charge) is { } local)
        {
            cancellationToken.ThrowIfCancellationRequested();
            local.Refund(decision, charge.Cost);
        }
        else if (BucketSet.PaidIn(decision, charge.Policy, inStore: true) is not 0 and var buckets)
        {
            await EnqueueAsync(Operation.Grant, [charge], cancellationToken, buckets);
        }
    }

    private async ValueTask SettleAsync(
        Operation operation, Charge charge, RateLimitDecision? decision, CancellationToken cancellationToken)
    {
        ChargeValidator.Check([charge]);
        byte buckets = decision is { } settled ? BucketSet.PaidIn(settled, charge.Policy) : BucketSet.All;
        if (buckets != 0)
        {
            await EnqueueAsync(operation, [charge], cancellationToken, buckets);
        }
    }

    private async Task ChangeAsync(Operation operation, Charge charge, CancellationToken cancellationToken)
    {
        ChargeValidator.Check([charge]);
        RateLimitDecision done = await EnqueueAsync(operation, [charge], cancellationToken);
        if (done.Source != DecisionSource.Store)
        {
            throw new RateLimitStoreException(
                "Redis did not answer in time, so it is unknown whether the change was made. Try again when Redis is back.");
        }
    }

    private static RedisRateLimiterOptions Checked(RedisRateLimiterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> errors = RedisRateLimiterOptionsValidator.Check(options);
        return errors.Count == 0 ? options : throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));
    }
}
