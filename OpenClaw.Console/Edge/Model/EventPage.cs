namespace OpenClaw.Console.Edge.Model;

/// <summary>Events, newest first: <c>GET /events</c>.</summary>
/// <param name="Before">What to ask for to get older ones; null at the end.</param>
public sealed record EventPage(IReadOnlyList<EventEntry> Events, string? Before);
