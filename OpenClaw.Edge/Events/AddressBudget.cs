using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Events;

/// <summary>Limits the events per minute about addresses, so that a flood of addresses does not push known clients out of the stream. Safe
/// for concurrent use.</summary>
internal sealed class AddressBudget(IOptions<EdgeOptions> options, TimeProvider time)
{
    private readonly int _perMinute = options.Value.Events.AddressesPerMinute;
    private readonly Lock _lock = new();
    private long _minute;
    private int _used;
    private long _usedUpUntil = long.MinValue;

    /// <summary>Whether the budget is used up. Checked first by requests, because it takes no lock.</summary>
    public bool IsUsedUp => time.GetTimestamp() < Volatile.Read(ref _usedUpUntil);

    /// <summary>Takes one report from the budget; false when it is used up.</summary>
    public bool TryTake()
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            long minute = now.ToUnixTimeSeconds() / 60;
            if (minute != _minute)
            {
                (_minute, _used) = (minute, 0);
            }

            if (_used < _perMinute)
            {
                _used++;
                return true;
            }

            TimeSpan left = DateTimeOffset.FromUnixTimeSeconds((minute + 1) * 60) - now;
            Volatile.Write(ref _usedUpUntil, time.GetTimestamp() + (long)(left.TotalSeconds * time.TimestampFrequency));
            return false;
        }
    }
}
