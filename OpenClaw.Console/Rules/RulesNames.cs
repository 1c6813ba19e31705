using System.Text.Json;
using OpenClaw.Console.Edge.Model;

namespace OpenClaw.Console.Rules;

/// <summary>Names in a rules document.</summary>
internal static class RulesNames
{
    /// <summary>Names of the document's top-level members; empty if the document cannot be read or is not in force.</summary>
    public static IReadOnlyCollection<string> In(RulesText rules) =>
        Read(rules, root => [.. root.EnumerateObject().Select(member => member.Name)]);

    /// <summary>Names of a section's entries; none where the document cannot be read or is not in force.</summary>
    public static IReadOnlyCollection<string> In(RulesText rules, string section) => Read(rules, root => [.. root.EnumerateObject()
        .Where(member => member.Name.Equals(section, StringComparison.OrdinalIgnoreCase) && member.Value.ValueKind == JsonValueKind.Object)
        .SelectMany(member => member.Value.EnumerateObject())
        .Select(member => member.Name)]);

    private static IReadOnlyCollection<string> Read(RulesText rules, Func<JsonElement, string[]> read)
    {
        if (rules.Version is null || (rules.InForce is not null && rules.InForce != rules.Version))
        {
            return [];
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(rules.Text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
