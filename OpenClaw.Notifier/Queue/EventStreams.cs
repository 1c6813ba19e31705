using Microsoft.Extensions.Options;
using OpenClaw.Notifier.Options;
using StackExchange.Redis;

namespace OpenClaw.Notifier.Queue;

/// <summary>Reads the streams of events and of repetitions as one consumer of the group.</summary>
internal sealed class EventStreams(IConnectionMultiplexer redis, QueueKeys keys, IOptions<NotifierOptions> options)
{
    private const int Count = 100;

    // Consumers without pending entries are removed after this time.
    private static readonly TimeSpan ConsumerLifetime = TimeSpan.FromDays(1);

    private readonly RedisKey[] _streams = [keys.Events, keys.Retry];
    private readonly string _name = options.Value.Name;

    /// <summary>Creates the group where it is missing. It begins with the oldest entry, since there may be events from before the first
    /// notifier.</summary>
    public async Task CreateGroupsAsync()
    {
        foreach (RedisKey stream in _streams)
        {
            try
            {
                await redis.GetDatabase().StreamCreateConsumerGroupAsync(stream, QueueKeys.Group, StreamPosition.Beginning);
            }
            catch (RedisServerException exception) when (exception.Message.StartsWith("BUSYGROUP", StringComparison.Ordinal))
            {
                // The group exists.
            }
        }
    }

    /// <summary>Reads entries that no notifier has read.</summary>
    public Task<IReadOnlyList<StreamMessage>> ReadAsync() => ReadAsync(StreamPosition.NewMessages);

    /// <summary>Reads entries that this notifier has read before and not acknowledged, from the beginning.</summary>
    public Task<IReadOnlyList<StreamMessage>> ReadOwnAsync() => ReadAsync(StreamPosition.Beginning);

    private async Task<IReadOnlyList<StreamMessage>> ReadAsync(RedisValue position)
    {
        StreamPosition[] positions = [.. _streams.Select(stream => new StreamPosition(stream, position))];
        RedisStream[] streams = await redis.GetDatabase().StreamReadGroupAsync(positions, QueueKeys.Group, _name, Count);
        return [.. streams.SelectMany(stream => stream.Entries.Select(entry => StreamMessage.From(stream.Key, entry)))];
    }

    /// <summary>Takes over entries that were read and not acknowledged within a time, because their reader stopped or lost the
    /// reply.</summary>
    public async Task<IReadOnlyList<StreamMessage>> TakeOverAsync(TimeSpan idle)
    {
        List<StreamMessage> messages = [];
        foreach (RedisKey stream in _streams)
        {
            StreamAutoClaimResult claimed = await redis.GetDatabase()
                .StreamAutoClaimAsync(stream, QueueKeys.Group, _name, (long)idle.TotalMilliseconds, "0-0", Count);
            messages.AddRange(claimed.ClaimedEntries.Where(entry => !entry.IsNull).Select(entry => StreamMessage.From(stream, entry)));
        }

        return messages;
    }

    /// <summary>Removes consumers that have been idle for a day and have no pending entries.</summary>
    public async Task ForgetConsumersAsync()
    {
        foreach (RedisKey stream in _streams)
        {
            foreach (StreamConsumerInfo consumer in await redis.GetDatabase().StreamConsumerInfoAsync(stream, QueueKeys.Group))
            {
                if (consumer.PendingMessageCount == 0 && consumer.IdleTimeInMilliseconds > ConsumerLifetime.TotalMilliseconds)
                {
                    await redis.GetDatabase().StreamDeleteConsumerAsync(stream, QueueKeys.Group, consumer.Name);
                }
            }
        }
    }

    /// <summary>Acknowledges an entry that needs no delivery.</summary>
    public Task AcknowledgeAsync(StreamMessage message) =>
        redis.GetDatabase().StreamAcknowledgeAsync(message.Stream, QueueKeys.Group, message.EntryId);

    /// <summary>Counts the entries of both streams that are not in a queue yet.</summary>
    /// <returns>Their number, and the time of the oldest (ms since 1970); null when there are none.</returns>
    public async Task<(long Count, long? Oldest)> CountUnreadAsync()
    {
        long count = 0;
        long? oldest = null;
        foreach (RedisKey stream in _streams)
        {
            IDatabase database = redis.GetDatabase();
            StreamGroupInfo group = (await database.StreamGroupInfoAsync(stream)).FirstOrDefault(info => info.Name == QueueKeys.Group);
            StreamEntry[] unread = await database.StreamRangeAsync(stream, $"({group.LastDeliveredId ?? "0-0"}", count: 1);
            count += unread.Length == 0 ? 0 : group.Lag ?? unread.Length;
            Note(unread.Length == 0 ? null : (string?)unread[0].Id);
            if (group.PendingMessageCount > 0)
            {
                count += group.PendingMessageCount;
                Note((await database.StreamPendingAsync(stream, QueueKeys.Group)).LowestPendingMessageId);
            }
        }

        return (count, oldest);

        void Note(string? entryId)
        {
            if (entryId is not null)
            {
                oldest = Math.Min(oldest ?? long.MaxValue, StreamMessage.MillisecondsOf(entryId));
            }
        }
    }
}
