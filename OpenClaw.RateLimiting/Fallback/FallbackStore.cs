using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Redis;
using OpenClaw.RateLimiting.Telemetry;

namespace OpenClaw.RateLimiting.Fallback;

/// <summary>Decides in Redis, or by the policies' failure modes if Redis fails, misses the deadline, or its circuit is open. Every batch is
/// therefore settled in time. An exception from this class is a bug: the queue logs it, and a settled batch keeps its decisions.</summary>
/// <remarks>Redis may still execute an abandoned call: it then charges the shared buckets once, and its reply is ignored. Fewer requests
/// are then admitted than the limit allows, never more. Callers cannot abandon a call to this store, since it ends within the deadline
/// anyway.</remarks>
internal sealed class FallbackStore(
    IDecisionStore redis,
    FailureModeStore local,
    FillLevelCache levels,
    OutageMonitor monitor,
    TimeSpan deadline,
    TimeProvider time,
    RateLimitMetrics? metrics)
    : IDecisionStore
{
    private readonly ConcurrentQueue<CancellationTokenSource> _timers = new();

    public ValueTask DecideAsync(DecisionBatch batch, CancellationToken abandon)
    {
        StoreCircuit circuit = monitor.Of(batch.Slot);
        TimeSpan left = deadline - time.GetElapsedTime(batch.EnqueuedAt);
        if (circuit.IsClosed && left > TimeSpan.Zero)
        {
            return AskAsync(batch, circuit, left);
        }

        local.Decide(batch);
        return ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AskAsync(DecisionBatch batch, StoreCircuit circuit, TimeSpan left)
    {
        CancellationTokenSource timer = _timers.TryDequeue(out CancellationTokenSource? idle) ? idle : new(Timeout.InfiniteTimeSpan, time);

        // Timers truncate to whole milliseconds: rounded up, so that no decision is abandoned before its deadline.
        timer.CancelAfter(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)));
        long sentAt = time.GetTimestamp();
        string? failure = null;
        try
        {
            await redis.DecideAsync(batch, timer.Token);
        }
        catch (Exception exception) when (!batch.IsSettled)
        {
            failure = FailureReason.Of(exception);
            batch.Restart();
            local.Decide(batch);

            // A batch that waited long for the previous one left Redis too little time. That does not count as a failure of Redis.
            if (exception is not OperationCanceledException || left >= deadline / 2)
            {
                monitor.Failed(circuit, batch.Partitions, failure, FailureReason.DetailOf(exception));
            }
        }

        // The batch is settled: a failure from here on changes no decision.
        if (failure is null)
        {
            circuit.Succeeded();
            Remember(batch);
        }

        metrics?.StoreCall(time.GetElapsedTime(sentAt), failure);

        if (timer.TryReset())
        {
            _timers.Enqueue(timer);
        }
        else
        {
            timer.Dispose();
        }
    }

    private void Remember(DecisionBatch batch)
    {
        long now = FailureModeStore.Microseconds(time);
        foreach (BatchPartition partition in batch.Partitions)
        {
            if (partition.Policy.FailureMode == FailureMode.Local)
            {
                levels.Remember(partition, now);
            }
        }
    }
}
