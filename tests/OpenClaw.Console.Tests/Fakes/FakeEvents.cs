using System.Collections.Concurrent;
using System.Globalization;

namespace OpenClaw.Console.Tests.Fakes;

/// <summary>Events, deliveries and the audit trail.</summary>
public sealed class FakeEvents
{
    private readonly Lock _lock = new();
    private readonly List<(string StreamId, string Type, string? Client, string? Address, object Event, object[] Deliveries)> _events = [];
    private readonly List<(string StreamId, object Entry)> _failed = [];
    private readonly List<object> _audit = [];
    private long _next = 1;

    /// <summary>Deliveries that a retry was asked for, once for each request.</summary>
    public ConcurrentQueue<string> Retried { get; } = new();

    public void Add(string type, string? client, string? address, object happened, params object[] deliveries)
    {
        lock (_lock)
        {
            _events.Insert(0, (NextId(), type, client, address, happened, deliveries));
        }
    }

    public string AddFailed(string channel, string to, string error, object happened)
    {
        lock (_lock)
        {
            string id = NextId();
            _failed.Insert(0, (id, new
            {
                StreamId = id,
                Id = "e-" + id,
                Channel = channel,
                To = to,
                Error = error,
                Attempts = 8,
                At = DateTimeOffset.UtcNow,
                Event = happened
            }));
            return id;
        }
    }

    public void Audit(string? by, string action, string target, string detail, string? reason, string outcome = "done")
    {
        lock (_lock)
        {
            _audit.Insert(0, new
            {
                StreamId = NextId(),
                At = DateTimeOffset.UtcNow,
                Operator = by ?? "admin key",
                Action = action,
                Target = target,
                Detail = detail,
                Reason = reason,
                Outcome = outcome
            });
        }
    }

    public object Page(string? client, string? address, string? type, string? before, int count)
    {
        lock (_lock)
        {
            var all = _events
                .Where(entry => (client is null || entry.Client == client) && (address is null || entry.Address == address)
                    && (type is null || entry.Type == type))
                .Where(entry => before is null || Number(entry.StreamId) < Number(before))
                .ToArray();
            return new
            {
                Events = all.Take(count).Select(entry => new { entry.StreamId, entry.Event, entry.Deliveries }).ToArray(),
                Before = all.Length > count ? all[count - 1].StreamId : null,
            };
        }
    }

    public object AuditPage(string? before, int count)
    {
        lock (_lock)
        {
            object[] all = [.. _audit.Where(entry => before is null || Number(IdOf(entry)) < Number(before))];
            return new { Entries = all.Take(count).ToArray(), Before = all.Length > count ? IdOf(all[count - 1]) : null };
        }
    }

    public object Failed()
    {
        lock (_lock)
        {
            return new { Failed = _failed.Select(entry => entry.Entry).ToArray() };
        }
    }

    public bool Remove(string streamId)
    {
        lock (_lock)
        {
            return _failed.RemoveAll(entry => entry.StreamId == streamId) > 0;
        }
    }

    private string NextId() => $"17{_next++:D8}-0";

    private static string IdOf(object entry) => (string)entry.GetType().GetProperty("StreamId")!.GetValue(entry)!;

    private static long Number(string streamId) => long.Parse(streamId.Split('-')[0], CultureInfo.InvariantCulture);
}
