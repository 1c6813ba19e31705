using System.Globalization;
using OpenClaw.Edge.Events;
using OpenClaw.Edge.Redis;
using StackExchange.Redis;

namespace OpenClaw.Edge.Admin;

/// <summary>Keeps changes made through the admin API in a stream in Redis. They are logged as well, even while Redis does not
/// answer.</summary>
internal sealed class AuditTrail(IConnectionMultiplexer redis, ControlPlaneKeys keys, TimeProvider time, ILogger<AuditTrail> logger)
{
    /// <summary>Approximate maximum length of the stream.</summary>
    public const int MaxEntries = 10_000;

    private const CommandFlags Master = CommandFlags.DemandMaster;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private readonly IDatabase _database = redis.GetDatabase();
    private readonly ControlPlaneHealth _health = new(
        redis.GetDatabase(), "The audit trail", keys.Audit.Append(":rights"), ["XADD", "XREVRANGE"], logger);

    /// <summary>Adds a change. Does not fail.</summary>
    public async Task AddAsync(AuditEntry entry)
    {
        NameValueEntry[] fields =
        [
            new("at", EventTimeConverter.Format(entry.At)), new("operator", entry.Operator), new("action", entry.Action),
            new("target", entry.Target), new("detail", entry.Detail ?? ""), new("reason", entry.Reason ?? ""),
            new("outcome", entry.Outcome), new("address", entry.Address ?? ""),
        ];
        try
        {
            await _database.StreamAddAsync(keys.Audit, fields, messageId: null, MaxEntries, useApproximateMaxLength: true, flags: Master)
                .WaitAsync(Timeout, time);
            _health.Succeeded();
        }
        catch (Exception exception)
        {
            await _health.FailedAsync(exception);
        }
    }

    /// <summary>Reads changes, the newest first.</summary>
    /// <param name="before">Reads only changes before this one; null for all.</param>
    /// <param name="count">Largest number of changes to read.</param>
    /// <exception cref="RedisException">Redis did not answer.</exception>
    public async Task<IReadOnlyList<AuditEntry>> ReadAsync(StreamEntryId? before, int count)
    {
        StreamEntry[] read = await _database.StreamRangeAsync(
            keys.Audit, "-", before?.Previous.ToString() ?? "+", count, Order.Descending, Master);
        return [.. read.Select(Read)];
    }

    private static AuditEntry Read(StreamEntry entry)
    {
        return new AuditEntry(At(), Text("operator"), Text("action"), Text("target"), Text("outcome"))
        {
            StreamId = entry.Id.ToString(),
            Detail = Optional("detail"),
            Reason = Optional("reason"),
            Address = Optional("address"),
        };

        string Text(string name) => entry[name].ToString();

        string? Optional(string name) => Text(name) is { Length: > 0 } text ? text : null;

        DateTimeOffset At() => DateTimeOffset.TryParse(Text("at"), CultureInfo.InvariantCulture, out DateTimeOffset at) ? at : default;
    }
}
