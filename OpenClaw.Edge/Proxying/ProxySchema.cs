using System.Reflection;
using System.Security.Authentication;
using OpenClaw.Edge.Configuration;
using OpenClaw.ServiceDefaults.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace OpenClaw.Edge.Proxying;

/// <summary>Validates routes and clusters against YARP's own types. YARP ignores unknown names, treats text in place of a list as no list,
/// and stops at the first value of a wrong type. Here each of these is an error with its path.</summary>
internal static class ProxySchema
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(24);

    private static readonly string[] Versions = ["1.0", "1.1", "1", "2", "2.0", "3", "3.0"];

    public static void Check(SettingsNode root, List<string> errors)
    {
        foreach ((string name, SettingsNode section) in root.Children)
        {
            Type? item = name.ToUpperInvariant() switch
            {
                "ROUTES" => typeof(RouteConfig),
                "CLUSTERS" => typeof(ClusterConfig),
                _ => null,
            };
            if (item is null)
            {
                errors.Add($"{section.Path} is not a setting; {root.Path} has: Clusters, Routes.");
                continue;
            }

            CheckSection(section, errors);
            foreach (SettingsNode child in section.Children.Values)
            {
                CheckProperties(child, item, errors);
            }
        }
    }

    private static void CheckValue(SettingsNode node, string name, Type type, List<string> errors)
    {
        if (node is { Value: null, Children.Count: 0 })
        {
            // Treated as absent.
            return;
        }

        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(SslProtocols))
        {
            CheckList(node, type, errors, (child, _, found) => CheckText(child, name, type, found));
        }
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            CheckList(node, type.GetGenericArguments()[0], errors, (child, item, found) => CheckValue(child, "", item, found));
        }
        else if (type.IsGenericType)
        {
            CheckSection(node, errors);
            foreach ((string key, SettingsNode child) in node.Children)
            {
                CheckValue(child, key, type.GetGenericArguments()[1], errors);
            }
        }
        else if (SettingText.IsSupported(type) || type == typeof(Version) || type == typeof(Uri))
        {
            CheckText(node, name, type, errors);
        }
        else
        {
            CheckProperties(node, type, errors);
        }
    }

    private static void CheckProperties(SettingsNode node, Type type, List<string> errors)
    {
        CheckSection(node, errors);
        // Routes and clusters take their ids from the names of their sections.
        string? id = type == typeof(RouteConfig) ? nameof(RouteConfig.RouteId)
            : type == typeof(ClusterConfig) ? nameof(ClusterConfig.ClusterId) : null;
        PropertyInfo[] properties =
            [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.Name != id)];
        foreach ((string name, SettingsNode child) in node.Children)
        {
            if (Array.Find(properties, property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } setting)
            {
                CheckValue(child, setting.Name, setting.PropertyType, errors);
            }
            else
            {
                IEnumerable<string> known = properties.Select(property => property.Name).Order(StringComparer.Ordinal);
                errors.Add($"{child.Path} is not a setting; {node.Path} has: {string.Join(", ", known)}.");
            }
        }
    }

    private static void CheckList(SettingsNode node, Type item, List<string> errors, Action<SettingsNode, Type, List<string>> check)
    {
        if (!string.IsNullOrEmpty(node.Value))
        {
            errors.Add($"{node.Path} is a text; it must be a list: {node.Path}:0, {node.Path}:1 and so on.");
        }

        foreach (SettingsNode child in node.Children.Values)
        {
            check(child, item, errors);
        }
    }

    private static void CheckSection(SettingsNode node, List<string> errors)
    {
        if (!string.IsNullOrEmpty(node.Value))
        {
            errors.Add($"{node.Path} is a text; it must have settings below it.");
        }
    }

    private static void CheckText(SettingsNode node, string name, Type type, List<string> errors)
    {
        if (node.Children.Count > 0)
        {
            errors.Add($"{node.Path} has settings below it; it must be a single value.");
            return;
        }

        string text = node.Value ?? "";
        if (Expected(text, name, type) is { } expected)
        {
            errors.Add($"{node.Path} is '{SettingText.Shown(text)}'; it must be {expected}.");
        }
    }

    /// <summary>Describes a valid value; null when the value is valid.</summary>
    private static string? Expected(string text, string name, Type type)
    {
        if (type == typeof(Version))
        {
            return Versions.Contains(text) ? null : "1.0, 1.1, 2 or 3";
        }

        if (type == typeof(Uri))
        {
            return IsHttp(text) ? null : "an address that begins with http:// or https://";
        }

        if (!SettingText.TryConvert(text, type, out object? value))
        {
            return SettingText.Expected(type);
        }

        bool isAge = name is nameof(SessionAffinityCookieConfig.MaxAge) or nameof(SessionAffinityCookieConfig.Expiration);
        return value switch
        {
            TimeSpan duration when duration <= TimeSpan.Zero || (duration > LongestTimeout && !isAge) =>
                isAge ? "longer than 00:00:00" : $"longer than 00:00:00, and at most {LongestTimeout}",
            int and < 1 when name == nameof(HttpClientConfig.MaxConnectionsPerServer) => "at least 1",
            long and < -1 when name == nameof(RouteConfig.MaxRequestBodySize) => "a number of bytes, or -1 for no limit",
            string address when name is nameof(DestinationConfig.Address) or nameof(DestinationConfig.Health) && !IsHttp(address) =>
                "an address that begins with http:// or https://",
            _ => null,
        };
    }

    private static bool IsHttp(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
}
