using Microsoft.Extensions.Logging;
using OpenClaw.RateLimiting.DenyCaching;
using OpenClaw.RateLimiting.Telemetry;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>Sends the decisions of some partitions to the store in order of arrival, one batch at a time. A decision that finds the lane idle goes out at once; those that
/// arrive while a batch is under way form the next one, so that batches grow with the load and nobody waits for a timer.</summary>
internal sealed class Lane
{
    private readonly Lock _lock = new();
    private readonly IDecisionStore _store;
    private readonly DenyCache _denyCache;
    private readonly RateLimitMetrics? _metrics;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly DecisionBatch _batch;
    private PendingDecision? _first;
    private PendingDecision? _last;
    private bool _busy;

    public Lane(
        IDecisionStore store,
        DenyCache denyCache,
        RateLimitMetrics? metrics,
        TimeProvider timeProvider,
        ILogger logger,
        TokenBucketLimiterOptions options,
        int slot = -1)
    {
        _store = store;
        _denyCache = denyCache;
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

    // The lane works for everybody, so it keeps nothing of the caller who found it idle: neither a synchronization context or scheduler, on which all others would hang, nor
    // locals and activity, under which their calls would run. Only the first call, which serves that caller, is sent in its context and shows in its trace.
    private void Start()
    {
        if (SynchronizationContext.Current is not null || TaskScheduler.Current != TaskScheduler.Default)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static lane => _ = lane.SendAsync(), this, preferLocal: false);
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

    // Runs while there is anything to send. Never throws.
    private async Task SendAsync()
    {
        while (TryFill())
        {
            long sentAt = _timeProvider.GetTimestamp();
            _denyCache.Sending(_batch);
            try
            {
                await _store.DecideAsync(_batch, CancellationToken.None);
                _denyCache.Learn(_batch, sentAt);
            }
            catch (Exception exception)
            {
                Log.DecisionFailed(_logger, exception);
                _batch.AnswerUnseen();
            }

            Complete(_batch);
            if (TryRest())
            {
                return;
            }

            // Behind what already waits for a thread: the callers just answered, and requests that then join the next batch. With a thread to spare it goes out at once.
            await Task.Yield();
        }
    }

    private void Complete(DecisionBatch batch)
    {
        if (_metrics is { IsEnabled: true } metrics)
        {
            batch.Report(metrics, _timeProvider);
        }

        batch.Complete();
    }

    private bool TryRest()
    {
        lock (_lock)
        {
            _busy = _first is not null;
            return !_busy;
        }
    }

    // Moves what is queued into the batch as far as it has room. False when there is nothing; the lane is then idle.
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
