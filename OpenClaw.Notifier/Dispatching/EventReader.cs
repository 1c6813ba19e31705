using Microsoft.Extensions.Options;
using OpenClaw.Notifier.Events;
using OpenClaw.Notifier.Options;
using OpenClaw.Notifier.Queue;
using OpenClaw.Notifier.Receivers;
using OpenClaw.Notifier.Telemetry;
using StackExchange.Redis;

namespace OpenClaw.Notifier.Dispatching;

/// <summary>Reads events from the streams and queues them for their receivers.</summary>
internal sealed class EventReader(
    EventStreams streams,
    DeliveryQueue queue,
    QueueKeys keys,
    ReceiverFinder receivers,
    Dispatchers dispatchers,
    RedisState state,
    NotifierMetrics metrics,
    IOptions<NotifierOptions> options,
    TimeProvider time,
    ILogger<EventReader> logger)
    : BackgroundService
{
    private const string Loop = "events";

    private static readonly TimeSpan ForgetInterval = TimeSpan.FromHours(1);

    private readonly TimeSpan _pollInterval = options.Value.Events.PollInterval;
    private readonly TimeSpan _takeOverAfter = options.Value.Queue.TakeOverAfter;
    private readonly int _maxPending = options.Value.Queue.MaxPending;
    private bool _hasGroups;
    private bool _isFull;
    private bool _hasOwn;
    private long? _tookOver;
    private long? _forgot;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            bool isIdle = true;
            try
            {
                isIdle = !await StepAsync();
                state.Succeeded(Loop);
            }
            catch (RedisServerException exception) when (exception.Message.StartsWith("NOGROUP", StringComparison.Ordinal))
            {
                // Redis has lost its data, or the group was removed.
                _hasGroups = false;
            }
            catch (Exception exception)
            {
                // Entries that were read and not queued are read again first.
                _hasOwn = true;
                state.Failed(Loop, exception);
            }

            if (isIdle)
            {
                await Task.Delay(_pollInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>Whether more entries may be waiting.</returns>
    private async Task<bool> StepAsync()
    {
        if (!_hasGroups)
        {
            await streams.CreateGroupsAsync();
            _hasGroups = true;
        }

        if (await IsFullAsync())
        {
            return false;
        }

        if (_hasOwn)
        {
            await QueueAsync(await streams.ReadOwnAsync());
            _hasOwn = false;
        }

        if (IsTime(ref _tookOver, _takeOverAfter / 2))
        {
            IReadOnlyList<StreamMessage> taken = await streams.TakeOverAsync(_takeOverAfter);
            await QueueAsync(taken);
            if (taken.Count > 0)
            {
                Log.TakenOver(logger, taken.Count);
            }
        }

        if (IsTime(ref _forgot, ForgetInterval))
        {
            await streams.ForgetConsumersAsync();
        }

        return await QueueAsync(await streams.ReadAsync()) > 0;
    }

    private async Task<int> QueueAsync(IReadOnlyList<StreamMessage> messages)
    {
        foreach (StreamMessage message in messages)
        {
            await QueueAsync(message);
        }

        return messages.Count;
    }

    private async Task QueueAsync(StreamMessage message)
    {
        bool isRepeated = message.To is not null && message.Channel is not null;
        if (isRepeated)
        {
            message = message.WithEventOfJob();
        }

        EdgeEvent? happened = EdgeEvent.TryRead(message.Id, message.Event, out string? error);
        if (happened is null && !(isRepeated && message.Id.Length > 0))
        {
            Log.Unreadable(logger, message.EntryId, error!);
            metrics.CountEvent("unreadable");
            await streams.AcknowledgeAsync(message);
            return;
        }

        // A dead letter that this version cannot read is queued and becomes a dead letter again, so that it is not lost.
        IReadOnlyList<Receiver> told = isRepeated
            ? [.. Channel.All.Where(channel => channel == message.Channel).Select(channel => happened is null
                ? new Receiver(channel, message.To!, [])
                : receivers.FindOne(happened, channel, message.To!))]
            : receivers.Find(happened!);
        (int added, IReadOnlyList<(Receiver Receiver, string EntryId)> refused) = await queue.EnqueueAsync(message, told);
        foreach ((Receiver receiver, string entryId) in refused)
        {
            metrics.CountDeadLetter(receiver.Channel);
            string type = happened?.Type ?? EdgeEvent.UnknownType;
            Log.ReceiverIsFull(logger, receiver.Label, type, receiver.Channel, entryId, (string)keys.Dead!);
        }

        if (added > 0)
        {
            dispatchers.Signal();
        }

        metrics.CountEvent(isRepeated ? "repeated" : "read");
    }

    private async Task<bool> IsFullAsync()
    {
        long pending = (await Task.WhenAll(Channel.All.Select(queue.CountAsync))).Sum();
        bool isFull = pending >= _maxPending;
        if (isFull && !_isFull)
        {
            Log.QueueIsFull(logger, pending);
        }

        return _isFull = isFull;
    }

    private bool IsTime(ref long? last, TimeSpan interval)
    {
        if (last is { } then && time.GetElapsedTime(then) < interval)
        {
            return false;
        }

        last = time.GetTimestamp();
        return true;
    }
}
