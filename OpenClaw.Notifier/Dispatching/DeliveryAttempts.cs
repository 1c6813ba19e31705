using System.Diagnostics;
using Microsoft.Extensions.Options;
using OpenClaw.Notifier.Events;
using OpenClaw.Notifier.Options;
using OpenClaw.Notifier.Queue;
using OpenClaw.Notifier.Receivers;
using OpenClaw.Notifier.Telemetry;

namespace OpenClaw.Notifier.Dispatching;

/// <summary>Makes attempts at deliveries and records their outcomes.</summary>
internal sealed class DeliveryAttempts(
    DeliveryQueue queue,
    QueueKeys keys,
    Backoff backoff,
    NotifierMetrics metrics,
    IOptions<NotifierOptions> options,
    TimeProvider time,
    ILogger<DeliveryAttempts> logger)
{
    private static readonly TimeSpan RecordDelay = TimeSpan.FromMilliseconds(250);

    private readonly TimeSpan _maxAge = options.Value.Events.MaxAge;

    /// <summary>Makes one attempt.</summary>
    /// <returns>Whether the delivery is finished: delivered or given up.</returns>
    /// <exception cref="OperationCanceledException">The notifier is stopping; the delivery stays in the queue.</exception>
    public async Task<bool> TryAsync(ISender sender, Delivery delivery, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        EdgeEvent? happened = delivery.Job.IsReadable ? EdgeEvent.TryRead(delivery.Id, delivery.Job.Event, out _) : null;
        string type = happened?.Type ?? EdgeEvent.UnknownType;
        using Activity? span = NotifierMetrics.StartDelivery(delivery.Channel, type, delivery.Attempt);
        DeliveryResult result = await SendAsync(sender, delivery, happened, cancellationToken);
        bool isFinal = result.IsFinal || backoff.IsLast(delivery.Attempt);
        string outcome = result.IsDelivered ? Outcome.Delivered : isFinal ? Outcome.Dead : Outcome.Failed;
        metrics.CountAttempt(delivery.Channel, outcome, delivery.Attempt, time.GetElapsedTime(start));
        NotifierMetrics.EndDelivery(span, outcome, result.Error);
        await RecordAsync(() => RecordAsync(delivery, type, result, isFinal), cancellationToken);
        return result.IsDelivered || isFinal;
    }

    private async Task<DeliveryResult> SendAsync(
        ISender sender, Delivery delivery, EdgeEvent? happened, CancellationToken cancellationToken)
    {
        if (happened is null)
        {
            return DeliveryResult.Refused("the job cannot be read by this version");
        }

        if (!delivery.Job.IsRepeated && time.GetUtcNow() - happened.Time > _maxAge)
        {
            return DeliveryResult.Refused($"the event is older than {_maxAge}");
        }

        try
        {
            return await sender.SendAsync(delivery, happened, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.Defect(logger, exception, delivery.Channel);
            return DeliveryResult.Failed($"the notifier failed: {exception.GetType().Name}");
        }
    }

    private async Task RecordAsync(Delivery delivery, string type, DeliveryResult result, bool isFinal)
    {
        string receiver = new Receiver(delivery.Channel, delivery.To, delivery.Job.Names).Label;
        if (result.IsDelivered)
        {
            await queue.CompleteAsync(delivery);
            Log.Delivered(logger, receiver, type, delivery.Channel);
        }
        else if (isFinal)
        {
            if (await queue.AddDeadLetterAsync(delivery, result.Error!) is { } entryId)
            {
                Log.DeadLettered(logger, receiver, type, delivery.Channel, delivery.Attempt, entryId, (string)keys.Dead!);
            }
        }
        else
        {
            TimeSpan delay = backoff.Next(delivery.Attempt, result.RetryAfter);
            await queue.PostponeAsync(delivery, delay, result.Error!);
            Log.Postponed(logger, delivery.Attempt, receiver, type, delivery.Channel, delay);
        }
    }

    // Without a record the delivery would be repeated, so retry for as long as Redis is unavailable.
    private async Task RecordAsync(Func<Task> record, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await record();
                return;
            }
            catch (Exception exception) when (RedisState.IsFailure(exception))
            {
                await Task.Delay(RecordDelay, time, cancellationToken);
            }
        }
    }
}
