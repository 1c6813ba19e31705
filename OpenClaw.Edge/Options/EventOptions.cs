using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Edge.Options;

/// <summary>Settings of events: what happened to clients, rules and the store, appended to a stream in Redis.</summary>
internal sealed class EventOptions
{
    /// <summary>Thresholds where nothing else is configured, in percent used.</summary>
    public static readonly IReadOnlyList<int> DefaultThresholds = [80, 100];

    /// <summary>Whether events are appended. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Percent of a bucket used at which a client gets an event, each 1 to 100, up to 10. Null, the default:
    /// <see cref="DefaultThresholds"/>. An empty list: none. Policies and tiers may have others.</summary>
    public List<int>? Thresholds { get; set; }

    /// <summary>Denials of a client by one policy within <see cref="Window"/> that make an event, 0 to 1,000,000,000; 0 for none. Policies
    /// may have another number. Default 100.</summary>
    [Range(0, 1_000_000_000)]
    public long Denials { get; set; } = 100;

    /// <summary>Time for which an event about the same client and threshold is not repeated, 1 s to 7 days. Default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Largest number of events per minute and replica about addresses without a known client, 0 to 100,000; 0 for none. It keeps
    /// a flood of addresses from pushing other events out of the stream. Default 60.</summary>
    [Range(0, 100_000)]
    public int AddressesPerMinute { get; set; } = 60;

    /// <summary>Events that wait for Redis, 10 to 100,000; further ones are dropped and counted. Default 1,000.</summary>
    [Range(10, 100_000)]
    public int QueueLength { get; set; } = 1_000;
}
