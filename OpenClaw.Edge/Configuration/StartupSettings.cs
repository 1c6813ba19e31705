using System.Reflection;
using OpenClaw.Edge.Options;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Configuration;

/// <summary>Detects changes of the settings that are read only at start.</summary>
internal sealed class StartupSettings
{
    private static readonly string[] Sections =
        [.. typeof(EdgeOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(property => property.Name)];

    private readonly IConfiguration _configuration;
    private readonly Dictionary<string, string?> _atStart;

    public StartupSettings(IConfiguration configuration)
    {
        _configuration = configuration;
        _atStart = Read();
    }

    /// <summary>Paths of the settings changed since start.</summary>
    public List<string> Changed()
    {
        Dictionary<string, string?> now = Read();
        return [.. _atStart.Keys.Union(now.Keys, StringComparer.OrdinalIgnoreCase)
            .Where(path => !_atStart.TryGetValue(path, out string? before) || !now.TryGetValue(path, out string? after) || before != after)
            .Order(StringComparer.Ordinal)];
    }

    private Dictionary<string, string?> Read()
    {
        Dictionary<string, string?> values = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, SettingsNode section) in ConfigurationTree.Read(_configuration, EdgeOptions.Section).Children)
        {
            if (Sections.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                Add(section, values);
            }
        }

        return values;
    }

    private static void Add(SettingsNode node, Dictionary<string, string?> values)
    {
        if (node.Children.Count == 0)
        {
            values[node.Path] = node.Value;
        }

        foreach (SettingsNode child in node.Children.Values)
        {
            Add(child, values);
        }
    }
}
