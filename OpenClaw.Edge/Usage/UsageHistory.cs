using System.Runtime.InteropServices;
using OpenClaw.Edge.Redis;
using OpenClaw.RateLimiting;
using StackExchange.Redis;

namespace OpenClaw.Edge.Usage;

/// <summary>Counts still to be added to the fleet's history in Redis. They wait while Redis is unavailable, at most for the history's
/// retention time. Not safe for concurrent use.</summary>
internal sealed class UsageHistory(ControlPlaneKeys keys)
{
    /// <summary>Time for which Redis keeps a slice of ten seconds.</summary>
    public static readonly TimeSpan TenSecondsLifetime = TimeSpan.FromMinutes(16);

    /// <summary>Time for which Redis keeps a slice of five minutes.</summary>
    public static readonly TimeSpan FiveMinutesLifetime = TimeSpan.FromMinutes(66);

    // One batch occupies Redis for well below a millisecond.
    private const int MaxIncrements = 1_000;

    private readonly SortedDictionary<(long Index, bool IsLong), Dictionary<string, long>> _pending = [];
    private readonly Guid _process = Guid.NewGuid();
    private UsageIncrements? _unconfirmed;
    private long _sequence;

    /// <summary>Adds counts of a time.</summary>
    public void Add(DateTimeOffset now, UsageSlice usage)
    {
        long ten = SliceRing.IndexOf(now, UsageWindows.TenSeconds), five = SliceRing.IndexOf(now, UsageWindows.FiveMinutes);
        foreach ((string policy, PolicyUsage counted) in usage.Policies)
        {
            UsageCounts counts = counted.Counts;
            Add(ten, five, UsageFields.Of(policy, UsageFields.Admitted), counts.Admitted);
            Add(ten, five, UsageFields.Of(policy, UsageFields.Denied), counts.Denied);
            Add(ten, five, UsageFields.Of(policy, UsageFields.Shadow), counts.ShadowDenied);
            Add(ten, five, UsageFields.Of(policy, UsageFields.Local), counts.Local);
        }

        for (int source = 0; source < usage.Sources.Length; source++)
        {
            Add(ten, five, UsageFields.Of((DecisionSource)source), usage.Sources[source]);
        }

        Forget(now);
    }

    /// <summary>The increments to send: those of the last call until they are confirmed, then the next ones.</summary>
    public UsageIncrements Next() => _unconfirmed ??= Take();

    /// <summary>Records that Redis has the increments of the last call.</summary>
    public void Confirm() => _unconfirmed = null;

    private UsageIncrements Take()
    {
        List<(RedisKey, TimeSpan, KeyValuePair<string, long>[])> taken = [];
        int room = MaxIncrements;
        while (room > 0 && _pending.Count > 0)
        {
            ((long index, bool isLong), Dictionary<string, long> counts) = _pending.First();
            KeyValuePair<string, long>[] fields = [.. counts.Take(room)];
            taken.Add((
                isLong ? keys.FiveMinutes(index) : keys.TenSeconds(index), isLong ? FiveMinutesLifetime : TenSecondsLifetime, fields));
            room -= fields.Length;
            foreach ((string field, _) in fields)
            {
                counts.Remove(field);
            }

            if (counts.Count == 0)
            {
                _pending.Remove((index, isLong));
            }
        }

        return new UsageIncrements($"{_process:N}:{++_sequence}", taken);
    }

    private void Add(long ten, long five, string field, long count)
    {
        if (count > 0)
        {
            Add((ten, false), field, count);
            Add((five, true), field, count);
        }
    }

    private void Add((long, bool) slice, string field, long count)
    {
        if (!_pending.TryGetValue(slice, out Dictionary<string, long>? counts))
        {
            counts = [];
            _pending.Add(slice, counts);
        }

        CollectionsMarshal.GetValueRefOrAddDefault(counts, field, out _) += count;
    }

    private void Forget(DateTimeOffset now)
    {
        long ten = SliceRing.IndexOf(now - TenSecondsLifetime, UsageWindows.TenSeconds);
        long five = SliceRing.IndexOf(now - FiveMinutesLifetime, UsageWindows.FiveMinutes);
        foreach ((long Index, bool IsLong) slice in _pending.Keys.Where(slice => slice.Index < (slice.IsLong ? five : ten)).ToList())
        {
            _pending.Remove(slice);
        }
    }
}
