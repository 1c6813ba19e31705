using Microsoft.Extensions.Logging;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Checks the rights of the Redis user, logs those that are missing, and checks again until none are.</summary>
internal sealed class RightsMonitor(RedisRights rights, IRedisSignals signals, TimeProvider time, ILogger logger)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Checks until cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using PeriodicTimer timer = new(Interval, time);
        do
        {
            if (rights.AreInDoubt || rights.Missing is not null)
            {
                await CheckAsync(stop);
            }
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    private async Task CheckAsync(CancellationToken stop)
    {
        string? missing;
        rights.AreInDoubt = false;
        try
        {
            missing = await signals.FindMissingRightsAsync(rights.RefusedKeys).WaitAsync(Interval, time, stop);
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            // A connection may also fail because of a missing right. Any other failure says nothing about rights.
            missing = MissingRight.Find(exception.Message);
            if (missing is null)
            {
                rights.AreInDoubt = true;
                return;
            }
        }

        string? before = rights.Missing;
        rights.Missing = missing;
        if (missing is not null && missing != before)
        {
            Log.RightsMissing(logger, missing);
        }
        else if (missing is null && before is not null)
        {
            Log.RightsComplete(logger);
        }
    }
}
