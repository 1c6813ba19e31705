using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Events;

/// <summary>Bounds what this replica reports a minute about addresses, so that a flood of addresses does not push known clients out of the
/// stream. Safe for concurrent use.</summary>
internal sealed class AddressBudget(IOptions<EdgeOptions> options, TimeProvider time)
{
    private readonly int _perMinute = options.Value.Events.AddressesPerMinute;
    private readonly Lock _lock = new();
    private long _minute;
    private int _used;

    /// <summary>Takes one report from the budget; false when it is used up.</summary>
    public bool TryTake()
    {
        lock (_lock)
        {
            long minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
            if (minute != _minute)
            {
                (_minute, _used) = (minute, 0);
            }

            return ++_used <= _perMinute;
        }
    }
}
