using System.Text.Json;
using OpenClaw.Edge.Redis;
using StackExchange.Redis;

namespace OpenClaw.Edge.Events;

/// <summary>Reads events and their deliveries.</summary>
internal sealed class EventReader(IConnectionMultiplexer redis, ControlPlaneKeys keys)
{
    private const CommandFlags Master = CommandFlags.DemandMaster;

    // The whole stream is about twice as long. A search ends after this many entries, and the result has the position to continue from.
    private const int MaxScanned = 5_000;
    private const int Chunk = 500;
    private const int MaxDeliveries = 5_000;

    private readonly IDatabase _database = redis.GetDatabase();

    /// <summary>Reads events, the newest first.</summary>
    /// <param name="filter">Selects events.</param>
    /// <param name="before">Reads only events before this one; null for all.</param>
    /// <param name="count">Largest number of events to read.</param>
    /// <returns>The events, and the position before which to continue; null at the end of the stream.</returns>
    /// <exception cref="RedisException">Redis did not answer.</exception>
    public async Task<(IReadOnlyList<StoredEvent> Events, StreamEntryId? Before)> ReadAsync(
        EventFilter filter, StreamEntryId? before, int count)
    {
        List<StoredEvent> events = [];
        for (int scanned = 0; scanned < MaxScanned && events.Count < count;)
        {
            int wanted = filter.IsEmpty ? count : Chunk;
            StreamEntry[] entries = await _database.StreamRangeAsync(
                keys.Events, "-", before?.Previous.ToString() ?? "+", wanted, Order.Descending, Master);
            foreach (StreamEntry entry in entries)
            {
                scanned++;
                if (!StreamEntryId.TryParse(entry.Id.ToString(), out StreamEntryId position))
                {
                    continue;
                }

                before = position;
                if (StoredEvent.Read(entry) is { } found && filter.Matches(found.Event))
                {
                    events.Add(found);
                    if (events.Count == count)
                    {
                        return (events, before);
                    }
                }
            }

            if (entries.Length < wanted)
            {
                return (events, null);
            }
        }

        return (events, before);
    }

    /// <summary>Reads the events after a position, the oldest first.</summary>
    /// <exception cref="RedisException">Redis did not answer.</exception>
    public async Task<IReadOnlyList<(StreamEntryId Position, StoredEvent? Event)>> ReadAfterAsync(StreamEntryId position, int count)
    {
        StreamEntry[] entries = await _database.StreamRangeAsync(keys.Events, position.Next.ToString(), "+", count, flags: Master);
        return
        [
            .. entries.Select(entry => (
                StreamEntryId.TryParse(entry.Id.ToString(), out StreamEntryId at) ? at : position, StoredEvent.Read(entry))),
        ];
    }

    /// <summary>The position of the newest event; the beginning of the stream when there is none.</summary>
    /// <exception cref="RedisException">Redis did not answer.</exception>
    public async Task<StreamEntryId> ReadLastPositionAsync()
    {
        StreamEntry[] last = await _database.StreamRangeAsync(keys.Events, "-", "+", 1, Order.Descending, Master);
        return last.Length > 0 && StreamEntryId.TryParse(last[0].Id.ToString(), out StreamEntryId position) ? position : default;
    }

    /// <summary>Reads the deliveries of events, by the events' ids.</summary>
    /// <param name="events">Events, the newest first.</param>
    /// <exception cref="RedisException">Redis did not answer.</exception>
    public async Task<ILookup<string, Delivery>> ReadDeliveriesAsync(IReadOnlyList<StoredEvent> events)
    {
        // Deliveries are never older than their event.
        StreamEntry[] entries = events.Count == 0 || !StreamEntryId.TryParse(events[^1].StreamId, out StreamEntryId oldest)
            ? []
            : await _database.StreamRangeAsync(keys.Deliveries, oldest.Milliseconds, "+", MaxDeliveries, flags: Master);
        return entries.ToLookup(entry => entry["id"].ToString(), Delivery.Read);
    }

    /// <summary>Reads deliveries that failed for good, the newest first.</summary>
    /// <exception cref="RedisException">Redis did not answer.</exception>
    public async Task<IReadOnlyList<FailedDelivery>> ReadFailedAsync(int count)
    {
        StreamEntry[] entries = await _database.StreamRangeAsync(keys.FailedDeliveries, "-", "+", count, Order.Descending, Master);
        return [.. entries.Select(FailedDelivery.Read)];
    }
}
