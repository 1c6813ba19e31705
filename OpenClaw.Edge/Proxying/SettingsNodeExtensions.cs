using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Proxying;

/// <summary>Reads settings of routes and clusters.</summary>
internal static class SettingsNodeExtensions
{
    private static readonly Dictionary<string, SettingsNode> None = [];

    /// <summary>The setting of that name; null when there is none.</summary>
    public static SettingsNode? Find(this SettingsNode node, string name) => node.Children.GetValueOrDefault(name);

    /// <summary>The value of that name; null when it is missing or empty.</summary>
    public static string? TextOf(this SettingsNode node, string name) => node.Find(name)?.Value is { Length: > 0 } value ? value : null;

    /// <summary>Everything below the section or list of that name.</summary>
    public static IReadOnlyDictionary<string, SettingsNode> ChildrenOf(this SettingsNode node, string name) =>
        node.Find(name)?.Children ?? None;
}
