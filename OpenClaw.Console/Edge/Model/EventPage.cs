namespace OpenClaw.Console.Edge.Model;

/// <summary>Events, newest first: <c>GET /events</c>.</summary>
/// <param name="Before">Position before which to continue; null at the end.</param>
public sealed record EventPage(IReadOnlyList<EventEntry> Events, string? Before);
