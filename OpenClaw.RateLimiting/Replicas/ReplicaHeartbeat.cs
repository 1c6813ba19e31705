using Microsoft.Extensions.Logging;
using OpenClaw.RateLimiting.Redis;

namespace OpenClaw.RateLimiting.Replicas;

/// <summary>Reports this replica to Redis every second, and learns how many are live. It also notices an outage while no decisions are
/// asked for.</summary>
internal sealed class ReplicaHeartbeat(
    ReplicaCount replicas, IHeartbeatObserver observer, IRedisSignals signals, TimeProvider time, ILogger logger)
{
    /// <summary>Time between two beats.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Time without a beat after which a replica no longer counts: two beats may be lost.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(3);

    /// <summary>Beats until cancelled, then removes this replica.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using PeriodicTimer timer = new(Interval, time);
        try
        {
            do
            {
                await BeatAsync(stop);
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            await LeaveAsync();
        }
    }

    private async Task BeatAsync(CancellationToken stop)
    {
        int slot = signals.HeartbeatSlot;
        try
        {
            int before = replicas.Current;
            replicas.Record(await signals.BeatAsync().WaitAsync(Interval, time, stop));
            observer.BeatSucceeded(slot);
            if (replicas.Current != before)
            {
                Log.ReplicasChanged(logger, replicas.Current, before);
            }
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            replicas.RecordMissing();
            observer.BeatFailed(slot, exception);
        }
    }

    private async Task LeaveAsync()
    {
        try
        {
            await signals.LeaveAsync().WaitAsync(Interval, time);
        }
        catch (Exception)
        {
            // The replica is counted until its last beat is too old.
        }
    }
}
