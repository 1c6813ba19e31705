namespace OpenClaw.Console.Edge.Model;

/// <summary>An event of the stream and its deliveries.</summary>
public sealed record EventEntry(string StreamId, EdgeEvent Event, IReadOnlyList<EventEntry.Delivery>? Deliveries)
{
    /// <summary>A recorded delivery.</summary>
    public sealed record Delivery(string Channel, string To, string Status, int Attempts, string? Error, DateTimeOffset At);
}
