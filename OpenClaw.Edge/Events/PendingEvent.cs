namespace OpenClaw.Edge.Events;

/// <summary>An event that waits to be appended.</summary>
/// <param name="Id">What makes it the same event on every replica. Of one id, one event is appended in <paramref name="Window"/>.</param>
/// <param name="Window">Time for which it is not repeated.</param>
/// <param name="Event">The event.</param>
internal sealed record PendingEvent(string Id, TimeSpan Window, EdgeEvent Event)
{
    /// <summary>Whether the event comes again in later windows. Its id in the stream then ends with the window's number.</summary>
    public bool Recurs { get; init; }

    /// <summary>Denials to add to those that all replicas have counted.</summary>
    public long Denials { get; init; }

    /// <summary>Denials of all replicas from which on the event is appended; 0 appends it at once.</summary>
    public long DenialsNeeded { get; init; }

    /// <summary>Receives the time for which Redis would refuse the same event. Null when it is not needed.</summary>
    public Action<TimeSpan>? OnKnown { get; init; }
}
