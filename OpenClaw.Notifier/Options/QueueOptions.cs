using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Notifier.Options;

/// <summary>The queue of deliveries in Redis.</summary>
internal sealed class QueueOptions
{
    /// <summary>Time after which another replica takes over the work of a replica that has stopped, 1 s to 1 h. A live replica renews its
    /// leases three times as often. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TakeOverAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Deliveries that may wait, of all replicas, 1 to 1,000,000. Above it events stay in the stream. Default 100,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxPending { get; set; } = 100_000;

    /// <summary>Deliveries that may wait for one receiver, 1 to 1,000,000 and at most <see cref="MaxPending"/>. Above it a delivery becomes
    /// a dead letter, so that a receiver that fails delays no other. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxPerReceiver { get; set; } = 10_000;
}
