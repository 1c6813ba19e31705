using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace OpenClaw.Edge.Settings;

/// <summary>Reads settings without forgiving anything. The configuration binder ignores unknown names and stops at the first value of the wrong
/// type; here each of them is an error with its path, and the rest is still read, so that all errors can be reported at once.</summary>
internal static class StrictSettings
{
    /// <summary>Reads the section at <paramref name="path"/>; adds one error for each thing in it that does not fit.</summary>
    public static T Read<T>(IConfiguration configuration, string path, List<string> errors) where T : class, new()
    {
        Dictionary<string, string> misfits = new(StringComparer.OrdinalIgnoreCase);
        IConfigurationSection section = configuration.GetSection(path);
        Check(section, typeof(T), misfits);
        errors.AddRange(misfits.Values);
        if (misfits.Count > 0)
        {
            section = new ConfigurationBuilder()
                .AddInMemoryCollection(section.AsEnumerable().Where(entry => !misfits.ContainsKey(entry.Key)))
                .Build()
                .GetSection(path);
        }

        return section.Get<T>() ?? new T();
    }

    private static void Check(IConfigurationSection section, Type type, Dictionary<string, string> misfits)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (IsValue(type))
        {
            CheckValue(section, type, misfits);
        }
        else if (type.IsGenericType)
        {
            Type item = type.GetGenericArguments()[^1];
            foreach (IConfigurationSection child in section.GetChildren())
            {
                Check(child, item, misfits);
            }

            CheckNoValue(section, misfits);
        }
        else
        {
            CheckNames(section, type, misfits);
            CheckNoValue(section, misfits);
        }
    }

    private static void CheckNames(IConfigurationSection section, Type type, Dictionary<string, string> misfits)
    {
        PropertyInfo[] properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        foreach (IConfigurationSection child in section.GetChildren())
        {
            PropertyInfo? property = Array.Find(properties, p => p.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                string known = string.Join(", ", properties.Select(p => p.Name).Order(StringComparer.Ordinal));
                misfits.Add(child.Path, $"{child.Path} is not a setting; {section.Path} has: {known}.");
            }
            else
            {
                Check(child, property.PropertyType, misfits);
            }
        }
    }

    private static void CheckValue(IConfigurationSection section, Type type, Dictionary<string, string> misfits)
    {
        if (section.GetChildren().Any())
        {
            misfits.Add(section.Path, $"{section.Path} has settings below it; it must be {Expected(type)}.");
        }
        else if (section.Value is { } value && !IsConvertible(value, type))
        {
            misfits.Add(section.Path, $"{section.Path} is '{Shorten(value)}'; it must be {Expected(type)}.");
        }
    }

    private static void CheckNoValue(IConfigurationSection section, Dictionary<string, string> misfits)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            misfits.Add(section.Path, $"{section.Path} is '{Shorten(section.Value)}'; it must have settings below it.");
        }
    }

    private static bool IsValue(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan);

    private static bool IsConvertible(string value, Type type)
    {
        if (type == typeof(string))
        {
            return true;
        }

        if (type.IsEnum)
        {
            return Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase);
        }

        if (type == typeof(TimeSpan))
        {
            // "1" alone would be a day.
            return value.Contains(':') && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _);
        }

        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value) is not null;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return false;
        }
    }

    private static string Expected(Type type) => type switch
    {
        _ when type.IsEnum => "one of " + string.Join(", ", Enum.GetNames(type)),
        _ when type == typeof(TimeSpan) => "a duration, [days.]hours:minutes:seconds, such as 00:00:01 or 1.00:00:00",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(string) => "a text",
        _ when type == typeof(double) => "a number",
        _ => "a whole number",
    };

    private static string Shorten(string value) => value.Length <= 64 ? value : value[..64] + "…";
}
