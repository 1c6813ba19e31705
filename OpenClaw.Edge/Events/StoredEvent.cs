using System.Text.Json;
using StackExchange.Redis;

namespace OpenClaw.Edge.Events;

/// <summary>An event in the stream.</summary>
/// <param name="StreamId">Its id in the stream.</param>
/// <param name="Id">Its own id.</param>
/// <param name="Event">The event.</param>
internal sealed record StoredEvent(string StreamId, string Id, JsonElement Event)
{
    /// <summary>Null for an entry in an unknown format.</summary>
    public static StoredEvent? Read(StreamEntry entry) => Parse(entry["event"]) is { ValueKind: JsonValueKind.Object } parsed
        ? new StoredEvent(entry.Id.ToString(), entry["id"].ToString(), parsed)
        : null;

    /// <summary>Parses the JSON of an event; null when it is invalid.</summary>
    public static JsonElement? Parse(RedisValue json)
    {
        try
        {
            return json.IsNullOrEmpty ? null : JsonElement.Parse(json.ToString());
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
