using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;

namespace OpenClaw.ServiceDefaults.Configuration;

/// <summary>Reads configuration into a tree in one pass. <see cref="IConfiguration"/> lists only the children of one section, and scans
/// every key to do so: walking a thousand sections takes a million scans.</summary>
internal static class ConfigurationTree
{
    /// <summary>Reads the section at <paramref name="path"/>. Values of later sources replace those of earlier ones.</summary>
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

    /// <summary>Reads any other kind of source.</summary>
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

    // A protected member is part of the API contract, as a public one is: derived sources depend on it.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Data")]
    private static extern IDictionary<string, string?> Data(ConfigurationProvider provider);
}
