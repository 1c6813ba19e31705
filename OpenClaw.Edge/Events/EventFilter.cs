using System.Text.Json;

namespace OpenClaw.Edge.Events;

/// <summary>Selects events. Null selects all.</summary>
/// <param name="Client">Id of a known client.</param>
/// <param name="Address">An address, as events have it.</param>
/// <param name="Type">One of <see cref="EventTypes"/>.</param>
internal sealed record EventFilter(string? Client, string? Address, string? Type)
{
    public bool IsEmpty => Client is null && Address is null && Type is null;

    public bool Matches(JsonElement found) =>
        Matches(found, "client", Client) && Matches(found, "address", Address) && Matches(found, "type", Type);

    private static bool Matches(JsonElement found, string name, string? wanted) =>
        wanted is null || (found.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            && value.ValueEquals(wanted));
}
