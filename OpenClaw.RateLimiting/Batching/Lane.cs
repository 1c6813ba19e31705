using Microsoft.Extensions.Logging;
using OpenClaw.RateLimiting.DenyCaching;
using OpenClaw.RateLimiting.Telemetry;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>Sends the decisions of some partitions to the store in order of arrival, one batch at a time. A decision that finds the lane idle goes out at once; those that
/// arrive while a batch is under way form the next one, so that batches grow with the load and nobody waits for a timer.</summary>
internal sealed class Lane
{
    // A store that answers at once would keep the caller who found the lane idle at work for all others.
    private const int SynchronousBatches = 8;

    private readonly Lock _lock = new();
    private readonly IDecisionStore _store;
    private readonly DenyCache _denyCache;
    private readonly RateLimitMetrics? _metrics;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private DecisionBatch _batch;
    private DecisionBatch _spare;
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
        _spare = new DecisionBatch(options.MaxPartitionsPerCall, options.MaxDecisionsPerCall) { Slot = slot };
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

        _ = SendAsync();
    }

    // Runs while there is anything to send. Never throws.
    private async Task SendAsync()
    {
        DecisionBatch? answered = null;
        var synchronous = 0;
        while (true)
        {
            if (!TryFill(_batch, mayRest: answered is null))
            {
                if (answered is null)
                {
                    return;
                }

                Complete(answered);
                answered = null;
                continue;
            }

            // The next batch is on its way before the callers of the last one go on.
            long sentAt = _timeProvider.GetTimestamp();
            _denyCache.Sending(_batch);
            ValueTask call = _store.DecideAsync(_batch, CancellationToken.None);
            synchronous = call.IsCompleted ? synchronous + 1 : 0;
            if (answered is not null)
            {
                Complete(answered);
            }

            try
            {
                await call;
                _denyCache.Learn(_batch, sentAt);
            }
            catch (Exception exception)
            {
                Log.DecisionFailed(_logger, exception);
                _batch.AnswerUnseen();
            }

            answered = _batch;
            (_batch, _spare) = (_spare, _batch);
            if (synchronous >= SynchronousBatches)
            {
                Complete(answered);
                answered = null;
                synchronous = 0;
                await Task.Yield();
            }
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

    // Moves what is queued into the batch as far as it has room. False when there is nothing; the lane is then idle, if it may rest.
    private bool TryFill(DecisionBatch batch, bool mayRest)
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
                else if (!batch.TryAdd(pending))
                {
                    return true;
                }

                _first = next;
                _last = next is null ? null : _last;
            }

            _busy = batch.Decisions > 0 || !mayRest;
            return batch.Decisions > 0;
        }
    }
}
