using System.Runtime.CompilerServices;

namespace OpenClaw.Edge.Configuration;

/// <summary>Configuration as a tree, made in one pass. Configuration itself only tells the children of one section, and looks at every key for that:
/// to walk a thousand sections through it takes a million looks.</summary>
internal static class ConfigurationTree
{
    /// <summary>The section at <paramref name="path"/>, of every source the later one's values over the earlier one's.</summary>
    public static SettingsNode Read(IConfiguration configuration, string path)
    {
        SettingsNode root = new(path);
        AddAll(configuration, root);
        return root;
    }

    private static void AddAll(IConfiguration configuration, SettingsNode root)
    {
        foreach (IConfigurationProvider provider in ((IConfigurationRoot)configuration).Providers)
        {
            switch (provider)
            {
                case ConfigurationProvider table:
                    AddTable(Data(table), root);
                    break;
                case ChainedConfigurationProvider { Configuration: IConfigurationRoot inner }:
                    AddAll(inner, root);
                    break;
                default:
                    AddSection(provider, root);
                    break;
            }
        }
    }

    private static void AddTable(IDictionary<string, string?> table, SettingsNode root)
    {
        int start = root.Path.Length;
        foreach ((string key, string? value) in table)
        {
            if (key.StartsWith(root.Path, StringComparison.OrdinalIgnoreCase) && (key.Length == start || key[start] == ':'))
            {
                SettingsNode node = root;
                for (int at = start; at < key.Length;)
                {
                    int end = key.IndexOf(':', at + 1);
                    end = end < 0 ? key.Length : end;
                    node = node.Child(key[(at + 1)..end]);
                    at = end;
                }

                node.Set(value);
            }
        }
    }

    /// <summary>For sources of any other kind.</summary>
    private static void AddSection(IConfigurationProvider provider, SettingsNode node)
    {
        if (provider.TryGet(node.Path, out string? value))
        {
            node.Set(value);
        }

        foreach (string name in provider.GetChildKeys([], node.Path).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            AddSection(provider, node.Child(name));
        }
    }

    // Protected, so that derived sources fill it, and therefore as lasting as what is public.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Data")]
    private static extern IDictionary<string, string?> Data(ConfigurationProvider provider);
}
