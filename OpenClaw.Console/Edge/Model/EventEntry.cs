namespace OpenClaw.Console.Edge.Model;

/// <summary>An event of the stream, with what became of telling people.</summary>
public sealed record EventEntry(string StreamId, EdgeEvent Event, IReadOnlyList<EventEntry.Delivery>? Deliveries)
{
    /// <summary>One attempt to tell somebody that has ended.</summary>
    public sealed record Delivery(string Channel, string To, string Status, int Attempts, string? Error, DateTimeOffset At);
}
