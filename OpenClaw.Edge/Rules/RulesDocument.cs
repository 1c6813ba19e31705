using System.Reflection;
using System.Text;
using System.Text.Json;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Rules;

/// <summary>A JSON document of rules that overrides the configuration. An entry of <c>Policies</c>, <c>Tiers</c> or <c>Clients</c> replaces
/// the whole entry of that name; null removes it. <c>AddressPolicy</c>, <c>Allow</c> and <c>Deny</c> replace the configuration's.</summary>
internal sealed class RulesDocument
{
    /// <summary>Largest document, in bytes of UTF-8.</summary>
    public const int MaxBytes = 1024 * 1024;

    public static readonly RulesDocument Empty = new(new SettingsNode(EdgeOptions.Section));

    private static readonly string[] MemberNames =
        [.. typeof(RulesOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name)];

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    private readonly SettingsNode _root;

    private RulesDocument(SettingsNode root) => _root = root;

    /// <summary>Parses a document and adds its errors to <paramref name="errors"/>. Null when it cannot be read at all; otherwise the
    /// readable part, so that further errors are found in the same pass.</summary>
    public static RulesDocument? Parse(string json, List<string> errors)
    {
        if (Encoding.UTF8.GetByteCount(json) is > MaxBytes and var bytes)
        {
            errors.Add(TooLarge(bytes));
            return null;
        }

        RulesDocument document = new(new SettingsNode(EdgeOptions.Section));
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(json, Strict);
            if (!new RulesJsonReader(errors).TryReadRoot(parsed.RootElement, document._root))
            {
                return null;
            }
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            // The latter two for a lone surrogate: unescaped in the document, and escaped in a name.
            errors.Add($"The document is not JSON: {exception.Message}");
            return null;
        }

        // Validates names and types. Values are validated together with the configuration.
        StrictSettings.Read<RulesOptions>(document.LaidOver(Empty._root, _ => true), errors);
        return document;
    }

    /// <summary>The error for a document that is too large.</summary>
    public static string TooLarge(long bytes) => $"The document has {bytes} bytes; it may have {MaxBytes}.";

    /// <summary>Whether an entry of <c>Policies</c>, <c>Tiers</c> or <c>Clients</c> comes from this document.</summary>
    public bool Contains(string member, string name) =>
        _root.Children.TryGetValue(member, out SettingsNode? entries) && entries.Children.ContainsKey(name);

    /// <summary>The configuration's section, overridden by this document.</summary>
    public SettingsNode Over(SettingsNode configuration) =>
        LaidOver(configuration, name => MemberNames.Contains(name, StringComparer.OrdinalIgnoreCase));

    private SettingsNode LaidOver(SettingsNode configuration, Func<string, bool> isTaken) =>
        configuration.With(_root.Children.Where(member => isTaken(member.Key)).Select(member => new KeyValuePair<string, SettingsNode?>(
        member.Key,
        RulesJsonReader.IsMap(member.Key)
            ? (configuration.Children.GetValueOrDefault(member.Key) ?? new SettingsNode(member.Value.Path)).With(
                member.Value.Children.Select(RemoveNull))
            : member.Value)));

    private static KeyValuePair<string, SettingsNode?> RemoveNull(KeyValuePair<string, SettingsNode> entry) =>
        new(entry.Key, entry.Value.IsNull ? null : entry.Value);
}
