using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.Notifier.Events;

/// <summary>An event that an edge wrote into the stream.</summary>
internal sealed class EdgeEvent
{
    /// <summary>Largest size of an event's JSON, in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Type in logs and spans of an event that cannot be read.</summary>
    public const string UnknownType = "unknown";

    private const int MaxContacts = 20;

    // Members hidden from clients.
    private static readonly string[] Internal = ["operator", "reason", "replica"];

    private readonly JsonObject _members;

    private EdgeEvent(string json, JsonObject members, string id, string type, DateTimeOffset time)
    {
        Json = json;
        _members = members;
        Id = id;
        Type = type;
        Time = time;
    }

    /// <summary>The event's JSON in the stream.</summary>
    public string Json { get; }

    /// <summary>Unique id. A repeated delivery has the same id.</summary>
    public string Id { get; }

    public string Type { get; }

    public DateTimeOffset Time { get; }

    /// <summary>Id of the known client that the event is about; null for other events.</summary>
    public string? Client => Text(_members, "client");

    /// <summary>The client or the address that the event is about; null for other events.</summary>
    public string? Subject => Client ?? Text(_members, "address");

    /// <summary>The client's e-mail addresses when the event happened.</summary>
    public IEnumerable<string> Emails => ((_members["contacts"] as JsonObject)?["emails"] as JsonArray ?? [])
        .Select(email => email as JsonValue).Select(email => email?.GetValueKind() == JsonValueKind.String ? email.GetValue<string>() : "")
        .Where(email => email.Length > 0).Take(MaxContacts);

    /// <summary>The client's webhook when the event happened; null when it had none.</summary>
    public string? Webhook => _members["contacts"] is JsonObject contacts ? Text(contacts, "webhook") : null;

    /// <summary>Reads an event.</summary>
    /// <returns>The event; null, with the reason, when the JSON is not a valid event.</returns>
    public static EdgeEvent? TryRead(string id, string json, out string? error)
    {
        error = null;
        try
        {
            if (json.Length > MaxBytes)
            {
                error = $"it has more than {MaxBytes} characters";
            }
            else if (JsonNode.Parse(json) is not JsonObject members)
            {
                error = "it is not a JSON object";
            }
            else if (id.Length == 0 || Text(members, "type") is not { Length: > 0 } type)
            {
                error = "it has no id or no type";
            }
            else if (!DateTimeOffset.TryParse(
                Text(members, "time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                error = "its time cannot be read";
            }
            else
            {
                // Members are read when they are first asked for: a name that occurs twice is an error here and not later.
                _ = (members["contacts"] as JsonObject)?.Count;
                return new EdgeEvent(json, members, id, type, time);
            }
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            error = "it is not JSON";
        }

        return null;
    }

    /// <summary>A copy of the members that a receiver may see.</summary>
    /// <param name="toOperators">Whether the receiver is an operator. Operators see all members except the contacts.</param>
    public JsonObject View(bool toOperators)
    {
        JsonObject view = _members.DeepClone().AsObject();
        view.Remove("contacts");
        foreach (string member in toOperators ? [] : Internal)
        {
            view.Remove(member);
        }

        return view;
    }

    private static string? Text(JsonObject members, string name) =>
        members[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
