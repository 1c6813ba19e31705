using Microsoft.Extensions.Logging;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Finds out once per connection what the user of Redis lacks, says so in one line, and looks again until nothing is lacking.</summary>
internal sealed class RightsMonitor(RedisRights rights, IRedisSignals signals, TimeProvider time, ILogger logger)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Looks until cancelled.</summary>
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
            missing = await signals.FindMissingRightsAsync().WaitAsync(Interval, time, stop);
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            // A connection may fail for want of a right, too. Whatever else it is, nothing has been learnt.
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
