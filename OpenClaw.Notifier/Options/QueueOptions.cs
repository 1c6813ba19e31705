namespace OpenClaw.Notifier.Options;

/// <summary>The queue of deliveries in Redis.</summary>
internal sealed class QueueOptions
{
    /// <summary>Another replica takes over what a replica has not touched for this long, 1 s to 1 h. A live one renews its claims three
    /// times as often. Default 30 s.</summary>
    public TimeSpan TakeOverAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Deliveries that may wait, of all replicas, 1 to 1,000,000. Above it events stay in the stream. Default 100,000.</summary>
    public int MaxPending { get; set; } = 100_000;
}
