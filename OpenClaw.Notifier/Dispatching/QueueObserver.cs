using OpenClaw.Notifier.Queue;
using OpenClaw.Notifier.Receivers;
using OpenClaw.Notifier.Telemetry;

namespace OpenClaw.Notifier.Dispatching;

/// <summary>Updates the gauges of pending deliveries at intervals.</summary>
internal sealed class QueueObserver(
    EventStreams streams, DeliveryQueue queue, RedisState state, NotifierMetrics metrics, TimeProvider time) : BackgroundService
{
    private const string Loop = "gauges";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Updates the gauges.</summary>
    public async Task ObserveAsync()
    {
        (long pending, long? oldest) = await streams.CountUnreadAsync();
        foreach (string channel in Channel.All)
        {
            pending += await queue.CountAsync(channel);
            oldest = await queue.OldestAsync(channel) is { } first && !(first > oldest) ? first : oldest;
        }

        TimeSpan lag = oldest is { } written ? time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(written) : TimeSpan.Zero;
        metrics.Observe(pending, lag < TimeSpan.Zero ? TimeSpan.Zero : lag);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ObserveAsync();
                state.Succeeded(Loop);
            }
            catch (Exception exception) when (RedisState.IsFailure(exception))
            {
                // The delivery loops report the failure. The gauges keep their last values.
            }
            catch (Exception exception)
            {
                state.Failed(Loop, exception);
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
