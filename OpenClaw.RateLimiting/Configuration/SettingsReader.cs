using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace OpenClaw.RateLimiting.Configuration;

/// <summary>Reads a section without reflection and collects all errors, each with the path of its setting.</summary>
internal sealed class SettingsReader(IConfiguration section, List<string> errors)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Text of a setting; null if it is absent.</summary>
    public string? Text(string name)
    {
        _known.Add(name);
        return section[name];
    }

    public void Text(string name, Action<string> set)
    {
        if (Text(name) is { } text)
        {
            set(text);
        }
    }

    public void Duration(string name, Action<TimeSpan> set) => Parse<TimeSpan>(
        name, set, (string text, out TimeSpan value) => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value),
        "a duration such as 00:00:01.5");

    public void Number(string name, Action<int> set) => Parse<int>(
        name, set, (string text, out int value) => int.TryParse(text, CultureInfo.InvariantCulture, out value), "a whole number");

    public void Number(string name, Action<long> set) => Parse<long>(
        name, set, (string text, out long value) => long.TryParse(text, CultureInfo.InvariantCulture, out value), "a whole number");

    public void Flag(string name, Action<bool> set) => Parse<bool>(name, set, bool.TryParse, "true or false");

    public void Choice<T>(string name, Action<T> set)
        where T : struct, Enum
        => Parse<T>(
            name,
            set,
            (string text, out T value) => Enum.TryParse(text, ignoreCase: true, out value) && Enum.GetNames<T>().Contains(
                text, StringComparer.OrdinalIgnoreCase),
            $"one of {string.Join(", ", Enum.GetNames<T>())}");

    /// <summary>Subsections of a section; none if it is absent.</summary>
    public IEnumerable<IConfigurationSection> Sections(string name)
    {
        _known.Add(name);
        IConfigurationSection parent = section.GetSection(name);
        if (!string.IsNullOrEmpty(parent.Value))
        {
            errors.Add($"{parent.Path} is a text; it must be a section.");
        }

        return parent.GetChildren();
    }

    /// <summary>Reports settings that were not read.</summary>
    public void RejectOthers()
    {
        foreach (IConfigurationSection child in section.GetChildren().Where(child => !_known.Contains(child.Key)))
        {
            errors.Add($"{child.Path} is unknown; valid names are {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
        }
    }

    private void Parse<T>(string name, Action<T> set, TryParse<T> parse, string form)
    {
        if (Text(name) is not { } text)
        {
            return;
        }

        if (parse(text, out T value))
        {
            set(value);
        }
        else
        {
            errors.Add($"{section.GetSection(name).Path} is '{text}'; it must be {form}.");
        }
    }

    private delegate bool TryParse<T>(string text, out T value);
}
