using OpenClaw.ServiceDefaults.Telemetry;

namespace OpenClaw.Notifier.Dispatching;

/// <summary>Log messages. Receivers are logged by name, since their addresses may contain secrets.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Nobody is notified: {Problem}. Events stay in the stream, and the notifier keeps trying.")]
    public static partial void RedisFails(ILogger logger, LogText problem);

    [LoggerMessage(2, LogLevel.Information, "Redis answers again.")]
    public static partial void RedisIsBack(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "Entry {EntryId} of the event stream was skipped: {Error}.")]
    public static partial void Unreadable(ILogger logger, string entryId, LogText error);

    [LoggerMessage(
        4, LogLevel.Information, "Attempt {Attempt} to notify {Receiver} of a {Type} by {Channel} failed; the next one is in {Delay}.")]
    public static partial void Postponed(ILogger logger, int attempt, LogText receiver, LogText type, string channel, TimeSpan delay);

    [LoggerMessage(5, LogLevel.Warning,
        "{Receiver} was not notified of a {Type} by {Channel} in {Attempt} attempts. It is entry {EntryId} of {Stream}.")]
    public static partial void DeadLettered(
        ILogger logger, LogText receiver, LogText type, string channel, int attempt, string entryId, LogText stream);

    [LoggerMessage(6, LogLevel.Debug, "{Receiver} was notified of a {Type} by {Channel}.")]
    public static partial void Delivered(ILogger logger, LogText receiver, LogText type, string channel);

    [LoggerMessage(7, LogLevel.Warning,
        "{Count} deliveries wait, as many as OpenClaw:Notifier:Queue:MaxPending allows. Events stay in the stream until there are fewer.")]
    public static partial void QueueIsFull(ILogger logger, long count);

    [LoggerMessage(8, LogLevel.Information, "{Count} entries of the event stream were taken over from a notifier that has stopped.")]
    public static partial void TakenOver(ILogger logger, int count);

    [LoggerMessage(9, LogLevel.Error, "A delivery by {Channel} failed because of an internal error and is repeated.")]
    public static partial void Defect(ILogger logger, Exception exception, string channel);

    [LoggerMessage(10, LogLevel.Error, "The loop {Loop} failed because of an internal error. It is retried, and this is logged once.")]
    public static partial void LoopDefect(ILogger logger, Exception exception, LogText loop);

    [LoggerMessage(11, LogLevel.Warning,
        "{Receiver} was not notified of a {Type} by {Channel}: as many deliveries wait for it as OpenClaw:Notifier:Queue:MaxPerReceiver "
            + "allows. It is entry {EntryId} of {Stream}.")]
    public static partial void ReceiverIsFull(
        ILogger logger, LogText receiver, LogText type, string channel, string entryId, LogText stream);
}
