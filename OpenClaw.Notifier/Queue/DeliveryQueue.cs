using System.Globalization;
using Microsoft.Extensions.Options;
using OpenClaw.Notifier.Options;
using OpenClaw.Notifier.Receivers;
using StackExchange.Redis;

namespace OpenClaw.Notifier.Queue;

/// <summary>
/// Unfinished deliveries in Redis: a queue for each receiver, ordered by due time. One notifier at a time leases a receiver, so that a slow
/// receiver delays no other. Every step is one script on Redis's clock, and repeating a step whose reply was lost changes nothing.
/// </summary>
internal sealed class DeliveryQueue(
    IConnectionMultiplexer redis, QueueKeys keys, IOptions<NotifierOptions> options, TimeProvider time)
{
    private const int MaxDeliveries = 10_000;
    private const int MaxDead = 1_000;
    private const string ReceiverIsFull = "this receiver's queue is full";

    private static readonly Script EnqueueScript = new("enqueue");
    private static readonly Script ClaimScript = new("claim");
    private static readonly Script TakeScript = new("take");
    private static readonly Script FinishScript = new("finish");
    private static readonly Script PostponeScript = new("postpone");
    private static readonly Script ReleaseScript = new("release");
    private static readonly Script RenewScript = new("renew");

    private readonly long _lease = (long)options.Value.Queue.TakeOverAfter.TotalMilliseconds;
    private readonly int _maxPerReceiver = options.Value.Queue.MaxPerReceiver;
    private readonly long _remember = (long)options.Value.Events.Remember.TotalMilliseconds;

    private IDatabase Database => redis.GetDatabase();

    /// <summary>Queues an event for its receivers and acknowledges its entry. Where a receiver's queue is full, the delivery becomes a dead
    /// letter.</summary>
    /// <returns>Number of deliveries added, without those that were queued or made before; and the receivers with a full queue, each with
    /// the id of the dead letter in its stream.</returns>
    public async Task<(int Added, IReadOnlyList<(Receiver Receiver, string EntryId)> Refused)> EnqueueAsync(
        StreamMessage message, IReadOnlyList<Receiver> receivers)
    {
        List<RedisKey> scriptKeys = [message.Stream, keys.Told(message.Id), keys.Deliveries, keys.Dead];
        List<RedisValue> arguments =
        [
            QueueKeys.Group, message.EntryId, message.Id, message.WrittenAt, _maxPerReceiver, MaxDeliveries, MaxDead, ReceiverIsFull, Now(),
            message.Event,
        ];
        foreach (Receiver receiver in receivers)
        {
            string channel = receiver.Channel;
            scriptKeys.AddRange(keys.Due(channel), keys.Leases(channel), keys.Pending(channel),
                keys.Queue(channel, receiver.To), keys.Jobs(channel, receiver.To));
            arguments.AddRange(channel, receiver.To, receiver.Key, new Job(receiver.Names, message.Event, message.To is not null).ToJson());
        }

        RedisValue[] reply = (RedisValue[])(await EnqueueScript.RunAsync(Database, [.. scriptKeys], [.. arguments]))!;
        return ((int)reply[0], [.. reply.Skip(1).Chunk(2).Select(item => (receivers[(int)item[0]], (string)item[1]!))]);
    }

    /// <summary>Leases receivers that have due deliveries.</summary>
    /// <returns>Their addresses.</returns>
    public async Task<string[]> ClaimAsync(string channel, string token, int count) => (string[])(await ClaimScript.RunAsync(
        Database, [keys.Due(channel), keys.Leases(channel), keys.Holders(channel)], token, _lease, count))!;

    /// <summary>Begins an attempt at each delivery that is due to a leased receiver.</summary>
    public async Task<IReadOnlyList<Delivery>> TakeAsync(string channel, string to, string token, int count)
    {
        RedisValue[] taken = (RedisValue[])(await TakeScript.RunAsync(
            Database, [keys.Holders(channel), keys.Queue(channel, to), keys.Jobs(channel, to)], to, token, count))!;
        return [.. taken.Chunk(3).Select(item => new Delivery(channel, to, item[0]!, (int)item[2], Job.FromJson(item[1]!)))];
    }

    /// <summary>Records that a delivery was made.</summary>
    /// <returns>Whether it was not recorded before.</returns>
    public async Task<bool> CompleteAsync(Delivery delivery) => !(await FinishAsync(delivery, "delivered", "")).IsNull;

    /// <summary>Makes a delivery a dead letter.</summary>
    /// <returns>Id of the dead letter in its stream; null when the delivery was finished before.</returns>
    public async Task<string?> AddDeadLetterAsync(Delivery delivery, string error) => (string?)await FinishAsync(delivery, "failed", error);

    /// <summary>Makes a failed delivery due again.</summary>
    public Task PostponeAsync(Delivery delivery, TimeSpan delay, string error) => PostponeScript.RunAsync(
        Database,
        [keys.Queue(delivery.Channel, delivery.To), keys.Jobs(delivery.Channel, delivery.To), keys.Deliveries],
        delivery.Id, delivery.Attempt, (long)delay.TotalMilliseconds, MaxDeliveries, delivery.Channel, delivery.To, error, Now());

    /// <summary>Ends the lease of a receiver.</summary>
    public Task ReleaseAsync(string channel, string to, string token) => ReleaseScript.RunAsync(
        Database,
        [keys.Due(channel), keys.Leases(channel), keys.Holders(channel), keys.Queue(channel, to)],
        to, token);

    /// <summary>Renews the leases of receivers.</summary>
    public Task RenewAsync(string channel, string token, IEnumerable<string> receivers) => RenewScript.RunAsync(
        Database,
        [keys.Leases(channel), keys.Holders(channel)],
        [token, _lease, .. receivers.Select(to => (RedisValue)to)]);

    /// <summary>Counts unfinished deliveries.</summary>
    public Task<long> CountAsync(string channel) => Database.SortedSetLengthAsync(keys.Pending(channel));

    /// <summary>Time of the oldest event with an unfinished delivery (ms since 1970); null when there is none.</summary>
    public async Task<long?> OldestAsync(string channel) =>
        await Database.SortedSetRangeByRankWithScoresAsync(keys.Pending(channel), 0, 0) is [var oldest] ? (long)oldest.Score : null;

    private Task<RedisResult> FinishAsync(Delivery delivery, string status, string error) => FinishScript.RunAsync(
        Database,
        [
            keys.Queue(delivery.Channel, delivery.To), keys.Jobs(delivery.Channel, delivery.To),
            keys.Pending(delivery.Channel), keys.Told(delivery.Id), keys.Deliveries, keys.Dead,
        ],
        delivery.Id, delivery.To, $"{delivery.Channel}:{delivery.To}", _remember, MaxDeliveries, MaxDead, delivery.Channel, status,
        delivery.Attempt, error, Now(), delivery.Job.Event);

    private string Now() => time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
