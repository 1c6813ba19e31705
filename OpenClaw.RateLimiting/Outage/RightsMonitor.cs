using Microsoft.Extensions.Logging;
using OpenClaw.RateLimiting.Redis;

namespace OpenClaw.RateLimiting.Outage;

/// <summary>Finds out once per connection what the user of Redis lacks, says so in one line, and looks again until nothing is lacking.</summary>
internal sealed class RightsMonitor(OutageMonitor monitor, IRedisSignals signals, TimeProvider time, ILogger logger)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using PeriodicTimer timer = new(Interval, time);
        do
        {
            if (monitor.AreRightsInDoubt || monitor.MissingRights is not null)
            {
                await CheckAsync(stop);
            }
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    private async Task CheckAsync(CancellationToken stop)
    {
        string? missing;
        monitor.AreRightsInDoubt = false;
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
                monitor.AreRightsInDoubt = true;
                return;
            }
        }

        string? before = monitor.MissingRights;
        monitor.MissingRights = missing;
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
