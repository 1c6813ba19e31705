using System.ComponentModel;
using System.Globalization;

namespace OpenClaw.ServiceDefaults.Configuration;

/// <summary>Converts setting values from text.</summary>
internal static class SettingText
{
    private const int MaxShown = 64;

    /// <summary>Whether a setting of the type is a single value, not a section.</summary>
    public static bool IsSupported(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan);

    public static bool TryConvert(string text, Type type, out object? value)
    {
        value = null;
        if (type == typeof(string))
        {
            value = text;
        }
        else if (type.IsEnum)
        {
            // Names only: Enum.Parse also accepts numbers and lists.
            value = Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse(type, text, ignoreCase: true) : null;
        }
        else if (type == typeof(TimeSpan))
        {
            // TimeSpan.Parse reads "1" as one day.
            value = text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan duration) ? duration : null;
        }
        else
        {
            try
            {
                value = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
            }
            catch (Exception exception)
                when (exception is FormatException or ArgumentException or OverflowException or NotSupportedException)
            {
                return false;
            }
        }

        return value is not null;
    }

    /// <summary>Describes a valid value of the type, for errors.</summary>
    public static string Expected(Type type) => type switch
    {
        _ when type.IsEnum => "one of " + string.Join(", ", Enum.GetNames(type)),
        _ when type == typeof(TimeSpan) => "a duration, [days.]hours:minutes:seconds, such as 00:00:01 or 1.00:00:00",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(string) => "a text",
        _ when type == typeof(double) => "a number",
        _ => "a whole number",
    };

    /// <summary>Shortens a text for errors, and removes what may be secret in a URL: user information and query.</summary>
    public static string Shown(string text)
    {
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        int at = text.LastIndexOf('@');
        if (at > 0 && text.IndexOf(':') is >= 0 and var colon && colon < at)
        {
            int user = scheme >= 0 && scheme < at ? scheme + 3 : 0;
            text = string.Concat(text.AsSpan(0, user), "…", text.AsSpan(at));
        }

        int query = scheme >= 0 ? text.IndexOf('?') : -1;
        text = query >= 0 ? text[..query] + "?…" : text;
        return text.Length <= MaxShown ? text : text[..MaxShown] + "…";
    }
}
