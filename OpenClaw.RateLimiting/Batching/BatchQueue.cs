using Microsoft.Extensions.Logging;
using OpenClaw.RateLimiting.Telemetry;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>Sends the decisions of some partitions to the store in order of arrival, one batch at a time. A decision that finds the queue
/// idle is sent at once. Decisions that arrive while a batch is under way form the next batch: batches grow with the load, and no timer
/// delays a decision.</summary>
internal sealed class BatchQueue
{
    private readonly Lock _lock = new();
    private readonly IDecisionStore _store;
    private readonly IDecisionStore _fallback;
    private readonly IBatchObserver _observer;
    private readonly RateLimitMetrics? _metrics;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly DecisionBatch _batch;
    private PendingDecision? _first;
    private PendingDecision? _last;
    private bool _busy;

    /// <param name="store">Makes the decisions.</param>
    /// <param name="fallback">Makes the decisions if the store throws.</param>
    /// <param name="observer">Sees every batch that goes to the store.</param>
    /// <param name="metrics">Records decisions; null records none.</param>
    /// <param name="timeProvider">Measures how long decisions take.</param>
    /// <param name="logger">Logs failures. Must not throw.</param>
    /// <param name="options">Bounds of a batch.</param>
    /// <param name="slot">Cluster slot of the queue's partitions; -1 if Redis is not a cluster.</param>
    public BatchQueue(
        IDecisionStore store,
        IDecisionStore fallback,
        IBatchObserver observer,
        RateLimitMetrics? metrics,
        TimeProvider timeProvider,
        ILogger logger,
        RedisRateLimiterOptions options,
        int slot = -1)
    {
        _store = store;
        _fallback = fallback;
        _observer = observer;
        _metrics = metrics;
        _timeProvider = timeProvider;
        _logger = logger;
        _batch = new DecisionBatch(options.MaxPartitionsPerCall, options.MaxDecisionsPerCall) { Slot = slot };
    }

    public void Enqueue(PendingDecision pending)
    {
        lock (_lock)
        {
            if (_last is null)
            {
                _first = pending;
            }
            else
            {
                _last.Next = pending;
            }

            _last = pending;
            if (_busy)
            {
                return;
            }

            _busy = true;
        }

        Start();
    }

    // The queue serves all callers, so it does not capture the context of the caller that found it idle: its synchronization context or
    // scheduler could block all others, and its async locals and activity would apply to their calls. Only the first call, which serves
    // that caller, is sent in its context and appears in its trace.
    private void Start()
    {
        if (SynchronizationContext.Current is not null || TaskScheduler.Current != TaskScheduler.Default)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static queue => _ = queue.SendAsync(), this, preferLocal: false);
        }
        else if (ExecutionContext.IsFlowSuppressed())
        {
            _ = SendAsync();
        }
        else
        {
            using AsyncFlowControl suppressed = ExecutionContext.SuppressFlow();
            _ = SendAsync();
        }
    }

    // Runs until the queue is empty. Never throws: whatever fails, every batch is answered and the queue continues.
    private async Task SendAsync()
    {
        while (TryFill())
        {
            try
            {
                long sentAt = _timeProvider.GetTimestamp();
                _observer.BeforeDecide(_batch);
                await _store.DecideAsync(_batch, CancellationToken.None);
                _observer.AfterDecide(_batch, sentAt);
            }
            catch (Exception exception)
            {
                Log.DecisionFailed(_logger, exception, _batch.IsSettled);
            }

            if (!_batch.IsSettled)
            {
                await DecideWithoutStoreAsync();
            }

            Report();
            _batch.Complete();
            if (TryGoIdle())
            {
                return;
            }

            // Lets work that waits for a thread run first: the callers just answered, and requests that then join the next batch. If a
            // thread is free, the next batch goes out at once.
            await Task.Yield();
        }
    }

    private async ValueTask DecideWithoutStoreAsync()
    {
        try
        {
            _batch.Restart();
            await _fallback.DecideAsync(_batch, CancellationToken.None);
        }
        catch (Exception exception)
        {
            Log.DecisionFailed(_logger, exception, _batch.IsSettled);
        }

        if (!_batch.IsSettled)
        {
            _batch.DecideWithoutState();
        }
    }

    private void Report()
    {
        try
        {
            if (_metrics is { IsEnabled: true } metrics)
            {
                _batch.Report(metrics, _timeProvider);
            }
        }
        catch (Exception exception)
        {
            Log.DecisionFailed(_logger, exception, isAnswered: true);
        }
    }

    private bool TryGoIdle()
    {
        lock (_lock)
        {
            _busy = _first is not null;
            return !_busy;
        }
    }

    // Moves queued decisions into the batch while it has room. False if there are none; the queue is then idle.
    private bool TryFill()
    {
        lock (_lock)
        {
            while (_first is { } pending)
            {
                PendingDecision? next = pending.Next;
                if (pending.CancellationToken.IsCancellationRequested)
                {
                    pending.Cancel();
                }
                else if (!_batch.TryAdd(pending))
                {
                    return true;
                }

                _first = next;
                _last = next is null ? null : _last;
            }

            _busy = _batch.Decisions > 0;
            return _busy;
        }
    }
}
