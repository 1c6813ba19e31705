namespace OpenClaw.Edge.Events;

/// <summary>An event to append.</summary>
/// <param name="Id">Identifies the event on all replicas: only one event per id is appended within <paramref name="Window"/>.</param>
/// <param name="Window">Time for which it is not repeated.</param>
/// <param name="Event">The event.</param>
internal sealed record PendingEvent(string Id, TimeSpan Window, EdgeEvent Event)
{
    /// <summary>Whether the event can recur in later windows. Its id in the stream then ends with the window's number.</summary>
    public bool Recurs { get; init; }

    /// <summary>Denials to add to the count of all replicas.</summary>
    public long Denials { get; init; }

    /// <summary>Count of all replicas at which the event is appended; 0 appends it at once.</summary>
    public long DenialsNeeded { get; init; }

    /// <summary>Receives the time for which Redis would refuse the same event. Null when it is not needed.</summary>
    public Action<TimeSpan>? OnKnown { get; init; }
}
