using System.Text.Json;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Rules;

/// <summary>Reads the JSON of a rules document into settings nodes.</summary>
/// <param name="errors">Receives every error.</param>
internal sealed class RulesJsonReader(List<string> errors)
{
    /// <summary>Longest name in a document, in characters. Errors below a name repeat it.</summary>
    public const int MaxNameLength = 128;

    /// <summary>Maximum number of values and sections in a document. Each takes a few hundred bytes while it is read.</summary>
    public const int MaxValues = 100_000;

    private static readonly string[] MapNames = [nameof(RulesOptions.Policies), nameof(RulesOptions.Tiers), nameof(RulesOptions.Clients)];

    private int _values;

    /// <summary>Whether a member of the document is a map whose entries are replaced or removed one by one.</summary>
    public static bool IsMap(string name) => MapNames.Contains(name, StringComparer.OrdinalIgnoreCase);

    private bool IsFull => _values > MaxValues || errors.Count >= StrictSettings.MaxErrors;

    /// <summary>Reads the whole document. False when reading stopped because of too many values or errors.</summary>
    public bool TryReadRoot(JsonElement root, SettingsNode node)
    {
        ReadRoot(root, node);
        if (_values > MaxValues)
        {
            errors.Add($"The document has more than {MaxValues} values and sections; it may have {MaxValues}.");
        }

        return !IsFull;
    }

    private void ReadRoot(JsonElement root, SettingsNode node)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            errors.Add($"The document is {Describe(root)}; it must be an object.");
            return;
        }

        foreach ((string name, JsonElement value) in MembersOf(root, node))
        {
            if (!IsMap(name))
            {
                ReadValue(value, node, name);
            }
            else if (value.ValueKind == JsonValueKind.Object)
            {
                ReadMap(value, node.Child(name));
            }
            else
            {
                errors.Add($"{node.Path}:{name} is {Describe(value)}; it must be an object.");
            }
        }
    }

    private void ReadMap(JsonElement map, SettingsNode node)
    {
        foreach ((string name, JsonElement value) in MembersOf(map, node))
        {
            if (value.ValueKind == JsonValueKind.Null)
            {
                node.Child(name).Set(null);
            }
            else
            {
                ReadValue(value, node, name);
            }
        }
    }

    private void ReadValue(JsonElement value, SettingsNode parent, string name)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            errors.Add($"{parent.Path}:{name} is null; only whole entries of {string.Join(", ", MapNames)} can be removed.");
            return;
        }

        SettingsNode node = parent.Child(name);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach ((string member, JsonElement below) in MembersOf(value, node))
                {
                    ReadValue(below, node, member);
                }

                break;
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in value.EnumerateArray().TakeWhile(_ => !IsFull))
                {
                    _values++;
                    ReadValue(item, node, $"{index++}");
                }

                break;
            case JsonValueKind.String:
                node.Set(TextOf(value, node));
                break;
            default:
                node.Set(value.GetRawText());
                break;
        }
    }

    private IEnumerable<(string Name, JsonElement Value)> MembersOf(JsonElement value, SettingsNode node)
    {
        foreach (JsonProperty member in value.EnumerateObject())
        {
            _values++;
            if (IsFull)
            {
                yield break;
            }

            if (member.Name.Length > MaxNameLength)
            {
                errors.Add($"{node.Path}:{SettingText.Shown(member.Name)}: the name has {member.Name.Length} characters; it may have "
                    + $"{MaxNameLength}.");
            }
            else if (member.Name.Contains(':') || node.Children.ContainsKey(member.Name))
            {
                errors.Add($"{node.Path}:{member.Name}: names must have no colon and must differ in more than case.");
            }
            else
            {
                yield return (member.Name, member.Value);
            }
        }
    }

    private string TextOf(JsonElement value, SettingsNode node)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            errors.Add($"{node.Path} has a text with half a surrogate pair; it must be Unicode.");
            return "";
        }
    }

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Null => "null",
        JsonValueKind.Object => "an object",
        var kind => kind.ToString().ToLowerInvariant(),
    };
}
