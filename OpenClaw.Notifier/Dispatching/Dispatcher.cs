using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using OpenClaw.Notifier.Options;
using OpenClaw.Notifier.Queue;
using OpenClaw.Notifier.Telemetry;

namespace OpenClaw.Notifier.Dispatching;

/// <summary>Serves the receivers of one channel that have due deliveries, each under a lease, several at a time.</summary>
internal sealed class Dispatcher(
    ISender sender,
    DeliveryQueue queue,
    DeliveryAttempts attempts,
    RedisState state,
    NotifierMetrics metrics,
    IOptions<NotifierOptions> options,
    TimeProvider time,
    ILogger<Dispatcher> logger)
    : BackgroundService
{
    // After this many rounds the lease is released, so that a receiver with many deliveries does not delay others.
    private const int MaxRounds = 8;

    // Time for deliveries that are under way when the notifier stops.
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    private readonly string _token = $"{options.Value.Name}:{Guid.NewGuid():N}";
    private readonly TimeSpan _renewInterval = options.Value.Queue.TakeOverAfter / 3;
    private readonly TimeSpan _pollInterval = options.Value.Events.PollInterval;
    private readonly ConcurrentDictionary<string, object> _serving = new();
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly CancellationTokenSource _abort = new();
    private long _renewed;

    /// <summary>Set when there may be deliveries to make.</summary>
    public WorkSignal Signal { get; } = new();

    public override void Dispose()
    {
        _abort.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _renewed = time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // First, so that leases of running deliveries are renewed even if the claim fails.
                await RenewAsync();
                await ClaimAsync(stoppingToken);
                state.Succeeded(sender.Channel);
            }
            catch (Exception exception)
            {
                state.Failed(sender.Channel, exception);
            }

            TimeSpan pause = _pollInterval < _renewInterval ? _pollInterval : _renewInterval;
            await Signal.WaitAsync(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _abort.CancelAfter(Drain);
        await Task.WhenAll(_running.Keys);
    }

    private async Task ClaimAsync(CancellationToken stoppingToken)
    {
        int free = sender.MaxReceivers - _serving.Count;
        foreach (string to in free > 0 ? await queue.ClaimAsync(sender.Channel, _token, free) : [])
        {
            // Takes the lease again if it expired during an outage while this replica still serves the receiver.
            object run = new();
            if (_serving.TryAdd(to, run))
            {
                Task running = RunAsync(to, run, stoppingToken);
                _running.TryAdd(running, true);
                _ = running.ContinueWith(ended => _running.TryRemove(ended, out _), TaskScheduler.Default);
            }
        }
    }

    private async Task RenewAsync()
    {
        if (time.GetElapsedTime(_renewed) >= _renewInterval)
        {
            _renewed = time.GetTimestamp();
            if (!_serving.IsEmpty)
            {
                await queue.RenewAsync(sender.Channel, _token, [.. _serving.Keys]);
            }
        }
    }

    private async Task RunAsync(string to, object run, CancellationToken stoppingToken)
    {
        metrics.AddActive(sender.Channel, 1);
        try
        {
            await Task.Yield();
            await ServeAsync(to, stoppingToken);

            // Before the release, because the receiver may be claimed again right after it.
            _serving.TryRemove(new KeyValuePair<string, object>(to, run));
            await queue.ReleaseAsync(sender.Channel, to, _token);
        }
        catch (Exception exception) when (RedisState.IsFailure(exception) || exception is OperationCanceledException)
        {
            // The lease expires, and the receiver is claimed again.
        }
        catch (Exception exception)
        {
            Log.Defect(logger, exception, sender.Channel);
        }
        finally
        {
            metrics.AddActive(sender.Channel, -1);

            // Only this run's entry: another run may serve the receiver since the release.
            _serving.TryRemove(new KeyValuePair<string, object>(to, run));
            Signal.Set();
        }
    }

    private async Task ServeAsync(string to, CancellationToken stoppingToken)
    {
        for (int round = 0; round < MaxRounds && !stoppingToken.IsCancellationRequested; round++)
        {
            IReadOnlyList<Delivery> deliveries = await queue.TakeAsync(sender.Channel, to, _token, sender.MaxPerReceiver);
            bool[] finished = await Task.WhenAll(deliveries.Select(delivery => attempts.TryAsync(sender, delivery, _abort.Token)));
            if (deliveries.Count == 0 || !finished.All(isFinished => isFinished))
            {
                break;
            }
        }
    }
}
