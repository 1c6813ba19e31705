using OpenClaw.RateLimiting.Redis;

namespace OpenClaw.RateLimiting.Fallback;

/// <summary>Probes Redis for every open circuit, one call at a time per circuit.</summary>
internal sealed class CircuitProber(OutageMonitor monitor, IRedisSignals signals, TimeSpan interval, TimeSpan deadline, TimeProvider time)
{
    private Task _rediscovery = Task.CompletedTask;

    /// <summary>Probes until cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using PeriodicTimer timer = new(interval, time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            await Task.WhenAll(monitor.Circuits.Where(circuit => circuit.TryStartProbe()).Select(circuit => ProbeAsync(circuit, stop)));
        }
    }

    private async Task ProbeAsync(StoreCircuit circuit, CancellationToken stop)
    {
        string? reason = null;
        try
        {
            // Probes have the deadline of decisions: a slower Redis could not decide in time either.
            await signals.ProbeAsync(circuit.FailedPartition, circuit.RefusedKeys).WaitAsync(deadline, time, stop);
        }
        catch (Exception exception)
        {
            reason = FailureReason.Of(exception);
        }

        monitor.Probed(circuit, reason);

        // A server that answers but is no longer the master may have changed roles. The client would notice by itself, but later.
        if (reason is not null && _rediscovery.IsCompleted)
        {
            _rediscovery = RediscoverAsync();
        }
    }

    private async Task RediscoverAsync()
    {
        try
        {
            await signals.RediscoverAsync();
        }
        catch (Exception)
        {
            // The next failed probe tries again.
        }
    }
}
