namespace OpenClaw.Notifier.Queue;

/// <summary>An attempt to deliver an event to a receiver.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="To">The receiver's address.</param>
/// <param name="Id">Id of the event.</param>
/// <param name="Attempt">Number of the attempt, from 1.</param>
/// <param name="Job">What to deliver.</param>
internal sealed record Delivery(string Channel, string To, string Id, int Attempt, Job Job);
