using System.Text.Json;

namespace OpenClaw.Console.Rules;

/// <summary>Reads names and values from a JSON Schema.</summary>
internal sealed class RulesSchema(JsonElement root)
{
    private const int MaxDepth = 16;

    /// <summary>Names that an object may have.</summary>
    public IEnumerable<string> NamesAt(IEnumerable<string?> path) => At(path)
        .SelectMany(node => node.TryGetProperty("properties", out JsonElement properties) && properties.ValueKind == JsonValueKind.Object
            ? properties.EnumerateObject().Select(property => property.Name)
            : [])
        .Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Values that a member may have, as JSON.</summary>
    public IEnumerable<string> ValuesAt(IEnumerable<string?> path) => At(path).SelectMany(Values).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Values(JsonElement node)
    {
        if (node.TryGetProperty("enum", out JsonElement values) && values.ValueKind == JsonValueKind.Array)
        {
            return values.EnumerateArray().Select(value => value.GetRawText());
        }

        return TypesOf(node).SelectMany<string, string>(type => type switch
        {
            "boolean" => ["true", "false"],
            "object" => ["{}"],
            "array" => ["[]"],
            _ => [],
        });
    }

    private static IEnumerable<string> TypesOf(JsonElement node) => !node.TryGetProperty("type", out JsonElement type) ? []
        : type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(item => item.GetString() ?? "")
        : [type.GetString() ?? ""];

    private List<JsonElement> At(IEnumerable<string?> path)
    {
        List<JsonElement> nodes = [.. Expand(root, 0)];
        foreach (string? step in path)
        {
            nodes = [.. nodes.SelectMany(node => Step(node, step)).SelectMany(node => Expand(node, 0))];
        }

        return nodes;
    }

    private static IEnumerable<JsonElement> Step(JsonElement node, string? name)
    {
        if (name is null)
        {
            return node.TryGetProperty("items", out JsonElement items) ? [items] : [];
        }

        if (node.TryGetProperty("properties", out JsonElement properties) && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in properties.EnumerateObject())
            {
                if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return [property.Value];
                }
            }
        }

        if (node.TryGetProperty("patternProperties", out JsonElement patterns) && patterns.ValueKind == JsonValueKind.Object)
        {
            return patterns.EnumerateObject().Select(pattern => pattern.Value);
        }

        return node.TryGetProperty("additionalProperties", out JsonElement additional) ? [additional] : [];
    }

    // A node with the nodes that it references or combines.
    private IEnumerable<JsonElement> Expand(JsonElement node, int depth)
    {
        if (node.ValueKind != JsonValueKind.Object || depth > MaxDepth)
        {
            yield break;
        }

        yield return node;
        List<JsonElement> others = [];
        if (node.TryGetProperty("$ref", out JsonElement reference) && Resolve(reference.GetString() ?? "") is { } target)
        {
            others.Add(target);
        }

        foreach (string combination in (string[])["anyOf", "oneOf", "allOf"])
        {
            if (node.TryGetProperty(combination, out JsonElement parts) && parts.ValueKind == JsonValueKind.Array)
            {
                others.AddRange(parts.EnumerateArray());
            }
        }

        foreach (JsonElement other in others.SelectMany(other => Expand(other, depth + 1)))
        {
            yield return other;
        }
    }

    // "#" or a JSON pointer into the same document.
    private JsonElement? Resolve(string reference)
    {
        if (!reference.StartsWith('#'))
        {
            return null;
        }

        JsonElement node = root;
        foreach (string part in reference[1..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            string name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (node.ValueKind != JsonValueKind.Object || !node.TryGetProperty(name, out node))
            {
                return null;
            }
        }

        return node;
    }
}
