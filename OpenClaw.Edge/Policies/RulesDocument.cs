using System.Text.Json;
using OpenClaw.Edge.Settings;

namespace OpenClaw.Edge.Policies;

/// <summary>Rules as a JSON document, laid over the configuration: an entry of <c>Policies</c>, <c>Tiers</c> or <c>Clients</c> replaces the whole entry of
/// that name, null removes it; <c>AddressPolicy</c>, <c>Allow</c> and <c>Deny</c> replace the configuration's.</summary>
internal sealed class RulesDocument
{
    /// <summary>Largest document, in characters.</summary>
    public const int MaxLength = 1024 * 1024;

    public static readonly RulesDocument Empty = new([], []);

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };
    private static readonly string[] MapNames = [nameof(RulesOptions.Policies), nameof(RulesOptions.Tiers), nameof(RulesOptions.Clients)];

    private readonly Dictionary<string, string?> _values;
    private readonly List<string> _replaced;

    private RulesDocument(Dictionary<string, string?> values, List<string> replaced)
    {
        _values = values;
        _replaced = replaced;
    }

    /// <summary>Reads a document; null when something was added to <paramref name="errors"/>.</summary>
    public static RulesDocument? Parse(string json, List<string> errors)
    {
        if (json.Length > MaxLength)
        {
            errors.Add($"The document has {json.Length} characters; it may have {MaxLength}.");
            return null;
        }

        int before = errors.Count;
        RulesDocument document = new(new(StringComparer.OrdinalIgnoreCase), []);
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(json, Strict);
            document.ReadRoot(parsed.RootElement, errors);
        }
        catch (JsonException exception)
        {
            errors.Add($"The document is not JSON: {exception.Message}");
        }

        // Names and types of what is in it; whether it makes sense shows when it lies over the configuration.
        StrictSettings.Read<RulesOptions>(new ConfigurationBuilder().AddInMemoryCollection(document._values).Build(), EdgeOptions.Section, errors);
        return errors.Count > before ? null : document;
    }

    /// <summary>The configuration with this document over it.</summary>
    public IConfiguration Over(IConfiguration configuration)
    {
        if (_replaced.Count == 0 && _values.Count == 0)
        {
            return configuration;
        }

        IEnumerable<KeyValuePair<string, string?>> kept = configuration.GetSection(EdgeOptions.Section).AsEnumerable()
            .Where(entry => !_replaced.Exists(path => IsAtOrBelow(entry.Key, path)));
        return new ConfigurationBuilder().AddInMemoryCollection(kept).AddInMemoryCollection(_values).Build();
    }

    private void ReadRoot(JsonElement root, List<string> errors)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            errors.Add($"The document is {Describe(root)}; it must be an object.");
            return;
        }

        foreach (JsonProperty member in root.EnumerateObject())
        {
            string path = $"{EdgeOptions.Section}:{member.Name}";
            if (!MapNames.Contains(member.Name, StringComparer.OrdinalIgnoreCase))
            {
                _replaced.Add(path);
                ReadValue(member.Value, path, errors);
            }
            else if (member.Value.ValueKind != JsonValueKind.Object)
            {
                errors.Add($"{path} is {Describe(member.Value)}; it must be an object.");
            }
            else
            {
                ReadMap(member.Value, path, errors);
            }
        }
    }

    private void ReadMap(JsonElement map, string path, List<string> errors)
    {
        foreach (JsonProperty entry in map.EnumerateObject())
        {
            string entryPath = $"{path}:{entry.Name}";
            if (entry.Name.Contains(':') || _replaced.Contains(entryPath, StringComparer.OrdinalIgnoreCase))
            {
                errors.Add($"{entryPath}: names have no colon, and differ in more than case.");
                continue;
            }

            _replaced.Add(entryPath);
            if (entry.Value.ValueKind != JsonValueKind.Null)
            {
                ReadValue(entry.Value, entryPath, errors);
            }
        }
    }

    private void ReadValue(JsonElement value, string path, List<string> errors)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                _values.TryAdd(path, null);
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    if (member.Name.Contains(':') || _values.ContainsKey($"{path}:{member.Name}"))
                    {
                        errors.Add($"{path}:{member.Name}: names have no colon, and differ in more than case.");
                    }
                    else
                    {
                        ReadValue(member.Value, $"{path}:{member.Name}", errors);
                    }
                }

                break;
            case JsonValueKind.Array:
                _values.TryAdd(path, null);
                int index = 0;
                foreach (JsonElement item in value.EnumerateArray())
                {
                    ReadValue(item, $"{path}:{index++}", errors);
                }

                break;
            case JsonValueKind.String:
                _values[path] = value.GetString();
                break;
            case JsonValueKind.Null:
                errors.Add($"{path} is null; only whole entries of {string.Join(", ", MapNames)} can be removed.");
                break;
            default:
                _values[path] = value.GetRawText();
                break;
        }
    }

    private static bool IsAtOrBelow(string key, string path) =>
        key.StartsWith(path, StringComparison.OrdinalIgnoreCase) && (key.Length == path.Length || key[path.Length] == ':');

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Null => "null",
        JsonValueKind.Object => "an object",
        var kind => kind.ToString().ToLowerInvariant(),
    };
}
