using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.Notifier.Events;

/// <summary>An event that an edge wrote into the stream.</summary>
internal sealed class EdgeEvent
{
    /// <summary>Most bytes of an event's JSON.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int MaxContacts = 20;

    // Members hidden from clients: who did it and why, and which replica.
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

    /// <summary>The event as it stands in the stream.</summary>
    public string Json { get; }

    /// <summary>Unique id, by which receivers recognise a repetition.</summary>
    public string Id { get; }

    public string Type { get; }

    public DateTimeOffset Time { get; }

    /// <summary>Id of the known client that the event is about; null when it is about none.</summary>
    public string? Client => Text(_members, "client");

    /// <summary>What the event is about: the client, or the address; null when neither.</summary>
    public string? Subject => Client ?? Text(_members, "address");

    /// <summary>The client's e-mail addresses when the event happened.</summary>
    public IEnumerable<string> Emails => (_members["contacts"]?["emails"] as JsonArray ?? [])
        .Select(email => email as JsonValue).Select(email => email?.GetValueKind() == JsonValueKind.String ? email.GetValue<string>() : "")
        .Where(email => email.Length > 0).Take(MaxContacts);

    /// <summary>The client's webhook when the event happened; null when it had none.</summary>
    public string? Webhook => _members["contacts"] is JsonObject contacts ? Text(contacts, "webhook") : null;

    /// <summary>Reads an event.</summary>
    /// <returns>Null, with the reason, when it is not one.</returns>
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
                error = "it is no JSON object";
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
                return new EdgeEvent(json, members, id, type, time);
            }
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            error = "it is no JSON";
        }

        return null;
    }

    /// <summary>A copy of the members that a receiver is shown.</summary>
    /// <param name="toOperators">Operators see everything but the contacts.</param>
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
