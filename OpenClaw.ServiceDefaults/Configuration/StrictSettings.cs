using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace OpenClaw.ServiceDefaults.Configuration;

/// <summary>Binds settings strictly. .NET's binder ignores unknown names, stops at the first value of a wrong type and assigns null. Here
/// each of these is an error with its path, and reading goes on, so that all errors are reported at once.</summary>
internal static class StrictSettings
{
    /// <summary>Number of errors after which reading stops. Each may be several hundred characters long.</summary>
    public const int MaxErrors = 5_000;

    /// <summary>Reads the section at <paramref name="path"/>. Adds one error for each invalid setting, which keeps its default.</summary>
    public static T Read<T>(IConfiguration configuration, string path, List<string> errors) where T : class, new() =>
        Read<T>(ConfigurationTree.Read(configuration, path), errors);

    /// <inheritdoc cref="Read{T}(IConfiguration, string, List{string})"/>
    public static T Read<T>(SettingsNode section, List<string> errors) where T : class, new()
    {
        T settings = new();
        ReadProperties(section, settings, errors);
        return settings;
    }

    /// <summary>Returns false when the setting is invalid and nothing must be assigned.</summary>
    private static bool TryRead(SettingsNode node, Type type, object? current, List<string> errors, out object? value)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (SettingText.IsSupported(type))
        {
            return TryReadText(node, type, errors, out value);
        }

        value = current ?? Activator.CreateInstance(type)!;
        switch (value)
        {
            case IDictionary map:
                ReadMap(node, map, type.GetGenericArguments()[1], errors);
                return true;
            case IList list:
                ReadList(node, list, type.GetGenericArguments()[0], errors);
                return true;
            default:
                ReadProperties(node, value, errors);
                return true;
        }
    }

    private static void ReadProperties(SettingsNode section, object target, List<string> errors)
    {
        CheckNoText(section, errors);
        PropertyInfo[] properties = target.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance);
        foreach ((string name, SettingsNode child) in section.Children.TakeWhile(_ => errors.Count < MaxErrors))
        {
            PropertyInfo? property = Array.Find(properties, p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                string known = string.Join(", ", properties.Select(p => p.Name).Order(StringComparer.Ordinal));
                errors.Add($"{child.Path} is not a setting; {section.Path} has: {known}.");
            }
            else if (TryRead(child, property.PropertyType, property.GetValue(target), errors, out object? value))
            {
                property.SetValue(target, value);
            }
        }
    }

    private static void ReadMap(SettingsNode section, IDictionary map, Type item, List<string> errors)
    {
        CheckNoText(section, errors);
        foreach ((string name, SettingsNode child) in section.Children.TakeWhile(_ => errors.Count < MaxErrors))
        {
            if (TryRead(child, item, current: null, errors, out object? value))
            {
                map[name] = value;
            }
        }
    }

    private static void ReadList(SettingsNode section, IList list, Type item, List<string> errors)
    {
        if (section.IsNull)
        {
            errors.Add($"{section.Path} is null; it must be a list.");
        }
        else if (!string.IsNullOrEmpty(section.Value))
        {
            errors.Add($"{section.Path} is a text; it must be a list: {section.Path}:0, {section.Path}:1 and so on.");
        }

        foreach ((_, SettingsNode child) in section.Children
            .OrderBy(entry => entry.Key, ConfigurationKeyComparer.Instance)
            .TakeWhile(_ => errors.Count < MaxErrors))
        {
            if (TryRead(child, item, current: null, errors, out object? value))
            {
                list.Add(value);
            }
        }
    }

    private static bool TryReadText(SettingsNode node, Type type, List<string> errors, out object? value)
    {
        value = null;
        if (node.Children.Count > 0)
        {
            errors.Add($"{node.Path} has settings below it; it must be {SettingText.Expected(type)}.");
        }
        else if (node.Value is not { } text)
        {
            errors.Add($"{node.Path} is {(node.IsNull ? "null" : "an empty section")}; it must be {SettingText.Expected(type)}.");
        }
        else if (!SettingText.TryConvert(text, type, out value))
        {
            errors.Add($"{node.Path} is '{SettingText.Shown(text)}'; it must be {SettingText.Expected(type)}.");
        }

        return value is not null;
    }

    // The text is not shown, since it may be a key in the wrong place.
    private static void CheckNoText(SettingsNode section, List<string> errors)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            errors.Add($"{section.Path} is a text; it must have settings below it.");
        }
    }
}
