using System.Text.Json;
using StackExchange.Redis;

namespace OpenClaw.Edge.Events;

/// <summary>A delivery that the notifier has given up.</summary>
/// <param name="StreamId">Its id in the stream of failed deliveries.</param>
/// <param name="Id">Id of the event.</param>
/// <param name="Channel"><c>email</c> or <c>webhook</c>.</param>
/// <param name="To">The address or URL.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Attempts">Number of attempts.</param>
/// <param name="At">When it was given up.</param>
/// <param name="Event">The event; null when it cannot be read.</param>
internal sealed record FailedDelivery(
    string StreamId, string Id, string Channel, string To, string Error, long Attempts, string At, JsonElement? Event)
{
    public static FailedDelivery Read(StreamEntry entry) => new(
        entry.Id.ToString(), entry["id"].ToString(), entry["channel"].ToString(), entry["to"].ToString(), entry["error"].ToString(),
        Delivery.NumberOf(entry["attempts"]), entry["at"].ToString(), StoredEvent.Parse(entry["event"]));
}
