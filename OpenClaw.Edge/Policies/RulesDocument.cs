using System.Text.Json;
using OpenClaw.Edge.Settings;

namespace OpenClaw.Edge.Policies;

/// <summary>Rules as a JSON document, laid over the configuration: an entry of <c>Policies</c>, <c>Tiers</c> or <c>Clients</c> replaces the whole entry of
/// that name, null removes it; <c>AddressPolicy</c>, <c>Allow</c> and <c>Deny</c> replace the configuration's.</summary>
internal sealed class RulesDocument
{
    /// <summary>Largest document, in characters.</summary>
    public const int MaxLength = 1024 * 1024;

    public static readonly RulesDocument Empty = new(new SettingsNode(EdgeOptions.Section));

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    private readonly SettingsNode _root;

    private RulesDocument(SettingsNode root) => _root = root;

    /// <summary>Reads a document; null when something was added to <paramref name="errors"/>.</summary>
    public static RulesDocument? Parse(string json, List<string> errors)
    {
        if (json.Length > MaxLength)
        {
            errors.Add($"The document has {json.Length} characters; it may have {MaxLength}.");
            return null;
        }

        int before = errors.Count;
        RulesDocument document = new(new SettingsNode(EdgeOptions.Section));
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(json, Strict);
            new RulesReader(errors).ReadRoot(parsed.RootElement, document._root);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            // The latter two for half a surrogate pair: in the document as it is, and escaped in a name.
            errors.Add($"The document is not JSON: {exception.Message}");
        }

        // Names and types of what is in it; whether it makes sense shows when it lies over the configuration.
        StrictSettings.Read<RulesOptions>(document.Over(Empty._root), errors);
        return errors.Count > before ? null : document;
    }

    /// <summary>The configuration's section with this document over it.</summary>
    public SettingsNode Over(SettingsNode configuration) => configuration.With(_root.Children.Select(member => new KeyValuePair<string, SettingsNode?>(
        member.Key,
        RulesReader.IsMap(member.Key)
            ? (configuration.Children.GetValueOrDefault(member.Key) ?? new SettingsNode(member.Value.Path)).With(member.Value.Children.Select(RemoveNull))
            : member.Value)));

    private static KeyValuePair<string, SettingsNode?> RemoveNull(KeyValuePair<string, SettingsNode> entry) =>
        new(entry.Key, entry.Value.IsNull ? null : entry.Value);
}
