using StackExchange.Redis;

namespace OpenClaw.Notifier.Queue;

/// <summary>An entry of the stream of events or of the stream of repetitions.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="EntryId">The entry's id in it.</param>
/// <param name="Id">Id of the event.</param>
/// <param name="Event">The event's JSON.</param>
/// <param name="Channel">In the stream of repetitions: the channel to use; else null.</param>
/// <param name="To">In the stream of repetitions: the address to deliver to; else null.</param>
internal sealed record StreamMessage(RedisKey Stream, string EntryId, string Id, string Event, string? Channel, string? To)
{
    /// <summary>Time at which the entry was written, in milliseconds since 1970: the first part of its id.</summary>
    public long WrittenAt => MillisecondsOf(EntryId);

    /// <summary>Of a dead letter whose job could not be read by the version that gave it up, the event is the whole job. Takes the event
    /// out of it, if this version can read the job.</summary>
    public StreamMessage WithEventOfJob() => Job.FromJson(Event) is { IsReadable: true } job ? this with { Event = job.Event } : this;

    public static StreamMessage From(RedisKey stream, StreamEntry entry) => new(
        stream, entry.Id!, Text(entry, "id") ?? "", Text(entry, "event") ?? "", Text(entry, "channel"), Text(entry, "to"));

    public static long MillisecondsOf(string entryId) => long.TryParse(entryId.Split('-')[0], out long milliseconds) ? milliseconds : 0;

    private static string? Text(StreamEntry entry, string name) => entry[name];
}
